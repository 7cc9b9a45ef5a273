/* Wide characters and C.UTF-8: conversions, strings, numbers, wide printf.
 * expect:
 * -1 U+0000 84
 * [-1 1 [C]
 * [C.UTF-8] 1
 * 2 U+00E9 0
 * -2 U+0000 0
 * 2 U+20AC 0
 * -1 U+0000 84
 * -1 U+0000 84
 * 3 4 2 3
 * [é€|   é|é|é|é    ]
 * 19     é|é|42  |2.5|aé
 * -1
 * 31 350 z
 * <a><b><c>
 * 1 1 0
 * 2 2 0
 * 2 1 -1 3
 * 1 0 c9 e9
 * 1 1
 * 1 -1
 * -1 0
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>
#include <locale.h>
#include <string.h>
#include <errno.h>

static size_t one(const char *bytes, size_t n, mbstate_t *state) {
  wchar_t wc = 0;
  errno = 0;
  size_t used = mbrtowc(&wc, bytes, n, state);
  printf("%zd U+%04X %d\n", used, (unsigned)wc, errno);
  return used;
}

int main(void) {
  wchar_t wide[40], *rest;
  char narrow[40];
  mbstate_t state = {0};

  one("\xc3\xa9", 2, &state);
  printf("%d %zu [%s]\n", printf("[%ls]\n", L"\u00e9"), MB_CUR_MAX, setlocale(LC_ALL, NULL));
  printf("[%s] %d\n", setlocale(LC_ALL, "C.UTF-8"), setlocale(LC_ALL, "xx_YY.UTF-8") == NULL);

  memset(&state, 0, sizeof state);
  one("\xc3\xa9", 2, &state);
  one("\xe2", 1, &state);
  one("\x82\xac", 2, &state);
  one("\xff", 1, &state);
  one("\xc3(", 2, &state);
  printf("%zu %d %d %zu\n", mbstowcs(wide, "a\u00e9\u20ac", 40), wctomb(narrow, 0x1f600), mblen("\u00e9", 2), wcstombs(narrow, L"\u00e9x", 40));
  printf("[%ls|%5ls|%.3ls|%lc|%-6ls]\n", L"\u00e9\u20ac", L"\u00e9", L"\u00e9\u20ac", 0xe9, L"\u00e9");

  int len = swprintf(wide, 40, L"%5ls|%s|%-4d|%.1f|%.2s", L"\u00e9", "\u00e9", 42, 2.5, "a\u00e9\u20ac");
  printf("%d %ls\n", len, wide);
  printf("%d\n", swprintf(wide, 3, L"%d", 12345));
  printf("%ld %g", wcstol(L" 0x1fz", &rest, 0), wcstod(L"3.5e2", NULL));
  printf(" %ls\n", rest);

  wchar_t text[] = L"a,b;;c";
  for (wchar_t *word = wcstok(text, L",;", &rest); word; word = wcstok(NULL, L",;", &rest))
    printf("<%ls>", word);
  printf("\n%d %d %d\n", wcscmp(L"a", L"b") < 0, (int)(wcsstr(L"abcabc", L"ca") - L"abcabc") >= 0, wcsncmp(L"abc", L"abd", 2));
  printf("%zu %zu %d\n", wcsspn(L"aab", L"a"), wcscspn(L"aab", L"b"), wcscasecmp(L"\u00c9x", L"\u00e9X"));
  printf("%d %d %d %d\n", wcwidth(0x4e2d), wcwidth('a'), wcwidth(7), wcswidth(L"a\u4e2d", 2));
  printf("%d %d %x %x\n", iswalpha(0xe9) != 0, iswupper(0xe9) != 0, towupper(0xe9), towlower(0xc9));
  printf("%d %d\n", iswctype('7', wctype("digit")) != 0, wctype("nothing") == 0);
  printf("%d %d\n", fwide(stdout, 0) < 0, wprintf(L"never"));
  setlocale(LC_ALL, "C");
  printf("%d %d\n", wctomb(narrow, 0xe9), iswalpha(0xe9) != 0);
  return 0;
}
