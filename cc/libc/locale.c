/* locale.h and wchar.h: the C locale is the only one. */

#include <ctype.h>
#include <limits.h>
#include <locale.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

char *setlocale(int category, const char *locale) {
  (void)category;
  /* A locale that is not installed is refused; "" means what the environment names: C. */
  if (locale && *locale && strcmp(locale, "C") != 0 && strcmp(locale, "POSIX") != 0)
    return NULL;
  return "C";
}

static struct lconv __lconv = { .decimal_point = ".", .thousands_sep = "", .grouping = "", .int_curr_symbol = "",
  .currency_symbol = "", .mon_decimal_point = "", .mon_thousands_sep = "", .mon_grouping = "", .positive_sign = "",
  .negative_sign = "", .int_frac_digits = CHAR_MAX, .frac_digits = CHAR_MAX };

struct lconv *localeconv(void) { return &__lconv; }

size_t wcslen(const wchar_t *s) {
  size_t len = 0;
  while (s[len])
    len++;
  return len;
}

wchar_t *wcscpy(wchar_t *dest, const wchar_t *src) {
  size_t i = 0;
  while ((dest[i] = src[i]))
    i++;
  return dest;
}

wchar_t *wcsncpy(wchar_t *dest, const wchar_t *src, size_t n) {
  size_t i = 0;
  for (; i < n && src[i]; i++)
    dest[i] = src[i];
  for (; i < n; i++)
    dest[i] = 0;
  return dest;
}

wchar_t *wcscat(wchar_t *dest, const wchar_t *src) {
  wcscpy(dest + wcslen(dest), src);
  return dest;
}

int wcsncmp(const wchar_t *s1, const wchar_t *s2, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (s1[i] != s2[i])
      return s1[i] < s2[i] ? -1 : 1;
    if (!s1[i])
      break;
  }
  return 0;
}

int wcscmp(const wchar_t *s1, const wchar_t *s2) { return wcsncmp(s1, s2, (size_t)-1); }

wchar_t *wcschr(const wchar_t *s, wchar_t c) {
  for (;; s++) {
    if (*s == c)
      return (wchar_t *)s;
    if (!*s)
      return NULL;
  }
}

/* ---- wctype.h: letters of the locale "C" are ASCII's */

int iswalnum(wint_t wc) { return wc < 128 && isalnum((int)wc); }
int iswalpha(wint_t wc) { return wc < 128 && isalpha((int)wc); }
int iswblank(wint_t wc) { return wc < 128 && isblank((int)wc); }
int iswcntrl(wint_t wc) { return wc < 128 && iscntrl((int)wc); }
int iswdigit(wint_t wc) { return wc < 128 && isdigit((int)wc); }
int iswgraph(wint_t wc) { return wc < 128 && isgraph((int)wc); }
int iswlower(wint_t wc) { return wc < 128 && islower((int)wc); }
int iswprint(wint_t wc) { return wc < 128 && isprint((int)wc); }
int iswpunct(wint_t wc) { return wc < 128 && ispunct((int)wc); }
int iswspace(wint_t wc) { return wc < 128 && isspace((int)wc); }
int iswupper(wint_t wc) { return wc < 128 && isupper((int)wc); }
int iswxdigit(wint_t wc) { return wc < 128 && isxdigit((int)wc); }
wint_t towlower(wint_t wc) { return wc < 128 ? (wint_t)tolower((int)wc) : wc; }
wint_t towupper(wint_t wc) { return wc < 128 ? (wint_t)toupper((int)wc) : wc; }
