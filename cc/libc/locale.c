/* locale.h: the locales C and, on Linux, C.UTF-8; of wchar.h the strings; wctype.h. */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* The category's locale, as it was named. Only LC_CTYPE has an effect. */
static char __locale_names[13][12];

static const char *__locale_wanted(void) {
  const char *name = getenv("LC_ALL");
  if (!name || !*name)
    name = getenv("LC_CTYPE");
  if (!name || !*name)
    name = getenv("LANG");
  return name && *name ? name : "C";
}

char *setlocale(int category, const char *locale) {
  if (category < 0 || category > 12) {
    errno = EINVAL;
    return NULL;
  }
  char *name = __locale_names[category];
  if (locale) {
    if (!*locale)
      locale = __locale_wanted();
    int utf8 = strcmp(locale, "C.UTF-8") == 0 || strcmp(locale, "C.utf8") == 0;
    /* A locale that is not installed is refused. */
    if (!utf8 && strcmp(locale, "C") != 0 && strcmp(locale, "POSIX") != 0)
      return NULL;
    if (strcmp(locale, "POSIX") == 0)
      locale = "C";
    for (int i = 0; i < 13; i++)
      if (i == category || category == LC_ALL)
        strcpy(__locale_names[i], locale);
    if (category == LC_ALL || category == LC_CTYPE)
      __libc_utf8 = utf8;
  }
  return *name ? name : "C";
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

/* ---- wctype.h: letters of the locale C are ASCII's, of C.UTF-8 Unicode's */

#ifdef _WIN32
#define __wide_kind(wc, narrow, kind) ((wc) < 128 && narrow((int)(wc)))
#else
#define __wide_kind(wc, narrow, kind) ((wc) < 128 ? narrow((int)(wc)) != 0 : __libc_utf8 && __libc_unicode(wc, kind))
#endif

int iswalnum(wint_t wc) { return __wide_kind(wc, isalnum, 'n'); }
int iswalpha(wint_t wc) { return __wide_kind(wc, isalpha, 'a'); }
int iswblank(wint_t wc) { return __wide_kind(wc, isblank, 'b'); }
int iswcntrl(wint_t wc) { return __wide_kind(wc, iscntrl, 'c'); }
int iswgraph(wint_t wc) { return __wide_kind(wc, isgraph, 'g'); }
int iswlower(wint_t wc) { return __wide_kind(wc, islower, 'l'); }
int iswprint(wint_t wc) { return __wide_kind(wc, isprint, 'p'); }
int iswpunct(wint_t wc) { return __wide_kind(wc, ispunct, 't'); }
int iswspace(wint_t wc) { return __wide_kind(wc, isspace, 's'); }
int iswupper(wint_t wc) { return __wide_kind(wc, isupper, 'u'); }
int iswdigit(wint_t wc) { return wc >= '0' && wc <= '9'; }
int iswxdigit(wint_t wc) { return wc < 128 && isxdigit((int)wc); }
#ifdef _WIN32
wint_t towlower(wint_t wc) { return wc < 128 ? (wint_t)tolower((int)wc) : wc; }
wint_t towupper(wint_t wc) { return wc < 128 ? (wint_t)toupper((int)wc) : wc; }
#else
wint_t towlower(wint_t wc) { return wc < 128 ? (wint_t)tolower((int)wc) : __libc_utf8 ? __libc_unicode(wc, 'L') : wc; }
wint_t towupper(wint_t wc) { return wc < 128 ? (wint_t)toupper((int)wc) : __libc_utf8 ? __libc_unicode(wc, 'U') : wc; }
#endif
