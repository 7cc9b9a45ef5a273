/* Parsing of a request line and headers, as small servers do it.
 * expect:
 * GET /index.html x=1 HTTP/1.1 5 hello
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
int main(void) {
  char request[] = "GET /index.html?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 5\r\n\r\nhello";
  char method[8], path[64], version[16];
  if (sscanf(request, "%7s %63s %15s", method, path, version) != 3)
    return 1;
  char *query = strchr(path, '?');
  if (query)
    *query++ = 0;
  char *body = strstr(request, "\r\n\r\n");
  *body = 0;
  body += 4;
  long length = 0;
  for (char *line = strtok(strstr(request, "\r\n") + 2, "\r\n"); line; line = strtok(NULL, "\r\n"))
    if (strncasecmp(line, "content-length:", 15) == 0)
      length = atol(line + 15);
  printf("%s %s %s %s %ld %.*s\n", method, path, query, version, length, (int)length, body);
  return 0;
}
