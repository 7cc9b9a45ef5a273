/* Streams of wide characters: what is counted, what is read, and no bytes beside.
 * stdin: olá\nxyz\n
 * expect:
 * ação 5 € x
 * ação 5 € é   |
 * linha
 * é
 * 4 olá
 * 4 xyz
 * 11 15 -1 -1 1
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

int main(void) {
  wchar_t line[20];
  int counts[4];
  setlocale(LC_ALL, "C.UTF-8");
  counts[0] = wprintf(L"a\u00e7\u00e3o %d %ls %s\n", 5, L"\u20ac", "x");
  counts[1] = wprintf(L"a\u00e7\u00e3o %d %ls %-4ls|\n", 5, L"\u20ac", L"\u00e9");
  counts[2] = printf("bytes\n");
  counts[3] = puts("bytes");
  fputws(L"linha\n", stdout);
  putwchar(L'\u00e9');
  putwchar(L'\n');
  while (fgetws(line, 20, stdin))
    wprintf(L"%zu %ls", wcslen(line), line);
  wprintf(L"%d %d %d %d %d\n", counts[0], counts[1], counts[2], counts[3], fwide(stdout, 0));
  return 0;
}
