/* wchar.h, uchar.h, langinfo.h: characters of several bytes in the locales C and C.UTF-8, wide
   strings as numbers and words, wide streams. A wide stream's buffer holds what will be written.
   What of wchar.h is about strings alone stands in locale.c. Missing: wscanf(3) and its kin. */

#define _GNU_SOURCE 1
#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <wchar.h>
#include <wctype.h>

/* ---- one character */

static size_t __bad_character(mbstate_t *ps) {
  ps->__count = 0;
  errno = EILSEQ;
  return (size_t)-1;
}

/* How many bytes follow a first byte of UTF-8; -1 if none begins with it. */
static int __bytes_after(unsigned char first) {
  return first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
}

static int __is_character(unsigned value, int bytes_after) {
  static const unsigned least[] = { 0, 0x80, 0x800, 0x10000 };
  return value >= least[bytes_after] && value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000);
}

/* `__count`: how many bytes are still to come, and from bit 8 on how many follow the first. */
size_t mbrtowc(wchar_t *pwc, const char *s, size_t n, mbstate_t *ps) {
  static mbstate_t own;
  if (!ps)
    ps = &own;
  if (!s)
    return mbrtowc(NULL, "", 1, ps);
  int left = ps->__count & 255, after = ps->__count >> 8;
  unsigned value = ps->__value.__wch;
  for (size_t i = 0; i < n; i++) {
    unsigned char byte = (unsigned char)s[i];
    if (left > 0) {
      if ((byte & 0xc0) != 0x80)
        return __bad_character(ps);
      value = value << 6 | (byte & 63);
      left--;
    } else {
      left = after = __libc_utf8 ? __bytes_after(byte) : byte < 0x80 ? 0 : -1;
      if (after < 0)
        return __bad_character(ps);
      value = byte & (0x7f >> after);
      if (after > 0)
        value = byte & (0x3f >> after);
    }
    if (left == 0) {
      if (!__is_character(value, after))
        return __bad_character(ps);
      ps->__count = 0;
      if (pwc)
        *pwc = (wchar_t)value;
      return value ? i + 1 : 0;
    }
  }
  ps->__count = left | after << 8;
  ps->__value.__wch = value;
  return (size_t)-2;
}

/* A character's bytes in UTF-8. */
static size_t __utf8(char *s, unsigned c) {
  int after = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned char first[] = { 0, 0xc0, 0xe0, 0xf0 };
  s[0] = (char)(first[after] | c >> 6 * after);
  for (int i = 1; i <= after; i++)
    s[i] = (char)(0x80 | (c >> 6 * (after - i) & 63));
  return (size_t)after + 1;
}

size_t wcrtomb(char *s, wchar_t wc, mbstate_t *ps) {
  static mbstate_t own;
  unsigned c = (unsigned)wc;
  if (!s)
    return 1;
  if (c < 0x80) {
    *s = (char)c;
    return 1;
  }
  if (!__libc_utf8 || !__is_character(c, 0))
    return __bad_character(ps ? ps : &own);
  return __utf8(s, c);
}

int mbsinit(const mbstate_t *ps) { return !ps || ps->__count == 0; }
size_t mbrlen(const char *s, size_t n, mbstate_t *ps) {
  static mbstate_t own;
  return mbrtowc(NULL, s, n, ps ? ps : &own);
}
size_t mbrtoc32(char32_t *pc32, const char *s, size_t n, mbstate_t *ps) { return mbrtowc((wchar_t *)pc32, s, n, ps); }
size_t c32rtomb(char *s, char32_t c32, mbstate_t *ps) { return wcrtomb(s, (wchar_t)c32, ps); }
wint_t btowc(int c) { return c >= 0 && c < 0x80 ? (wint_t)c : WEOF; }
int wctob(wint_t c) { return c < 0x80 ? (int)c : EOF; }
size_t __ctype_get_mb_cur_max(void) { return __libc_utf8 ? 6 : 1; }

int mbtowc(wchar_t *pwc, const char *s, size_t n) {
  mbstate_t state = { 0 };
  if (!s)
    return 0;
  size_t len = mbrtowc(pwc, s, n, &state);
  return len > n ? -1 : (int)len;
}

int mblen(const char *s, size_t n) { return mbtowc(NULL, s, n); }
int wctomb(char *s, wchar_t wc) { return s ? (int)wcrtomb(s, wc, NULL) : 0; }

/* ---- strings of them */

size_t mbsnrtowcs(wchar_t *dest, const char **src, size_t nms, size_t len, mbstate_t *ps) {
  mbstate_t own = { 0 };
  const char *from = *src, *end = from + nms;
  size_t done = 0;
  while (!dest || done < len) {
    wchar_t wc;
    size_t used = from < end ? mbrtowc(&wc, from, nms == (size_t)-1 ? 6 : (size_t)(end - from), ps ? ps : &own) : (size_t)-2;
    if (used == (size_t)-1)
      return used;
    if (used == (size_t)-2)
      break;
    if (dest)
      dest[done] = wc;
    if (wc == 0) {
      from = NULL;
      break;
    }
    from += used;
    done++;
  }
  if (dest)
    *src = from;
  return done;
}

/* Bytes up to the NUL only: what lies behind it is nobody's. */
size_t mbsrtowcs(wchar_t *dest, const char **src, size_t len, mbstate_t *ps) {
  return mbsnrtowcs(dest, src, __libc_strlen(*src) + 1, len, ps);
}

size_t mbstowcs(wchar_t *dest, const char *src, size_t n) { return mbsrtowcs(dest, &src, n, NULL); }

size_t wcsnrtombs(char *dest, const wchar_t **src, size_t nwc, size_t len, mbstate_t *ps) {
  const wchar_t *from = *src;
  size_t done = 0;
  for (; nwc > 0; nwc--, from++) {
    char bytes[8];
    size_t used = wcrtomb(bytes, *from, ps);
    if (used == (size_t)-1)
      return used;
    if (dest && done + used > len)
      break;
    if (dest)
      __libc_memcpy(dest + done, bytes, used);
    if (*from == 0) {
      from = NULL;
      break;
    }
    done += used;
  }
  if (dest)
    *src = from;
  return done;
}

size_t wcsrtombs(char *dest, const wchar_t **src, size_t len, mbstate_t *ps) { return wcsnrtombs(dest, src, (size_t)-1, len, ps); }
size_t wcstombs(char *dest, const wchar_t *src, size_t n) { return wcsrtombs(dest, &src, n, NULL); }

wchar_t *wmemcpy(wchar_t *dest, const wchar_t *src, size_t n) { return __libc_memcpy(dest, src, n * sizeof *dest); }
wchar_t *wmempcpy(wchar_t *dest, const wchar_t *src, size_t n) { return wmemcpy(dest, src, n) + n; }
wchar_t *wmemmove(wchar_t *dest, const wchar_t *src, size_t n) { return memmove(dest, src, n * sizeof *dest); }

wchar_t *wmemset(wchar_t *s, wchar_t c, size_t n) {
  for (size_t i = 0; i < n; i++)
    s[i] = c;
  return s;
}

wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n) {
  for (; n > 0; n--, s++)
    if (*s == c)
      return (wchar_t *)s;
  return NULL;
}

int wmemcmp(const wchar_t *s1, const wchar_t *s2, size_t n) {
  for (; n > 0; n--, s1++, s2++)
    if (*s1 != *s2)
      return *s1 < *s2 ? -1 : 1;
  return 0;
}

size_t wcsnlen(const wchar_t *s, size_t maxlen) {
  size_t len = 0;
  while (len < maxlen && s[len])
    len++;
  return len;
}

wchar_t *wcpcpy(wchar_t *dest, const wchar_t *src) { return wcscpy(dest, src) + wcslen(src); }

wchar_t *wcsncat(wchar_t *dest, const wchar_t *src, size_t n) {
  wchar_t *end = dest + wcslen(dest);
  size_t len = wcsnlen(src, n);
  wmemcpy(end, src, len);
  end[len] = 0;
  return dest;
}

wchar_t *wcsdup(const wchar_t *s) {
  size_t len = wcslen(s) + 1;
  wchar_t *copy = __builtin_malloc(len * sizeof *s);
  return copy ? wmemcpy(copy, s, len) : NULL;
}

wchar_t *wcsrchr(const wchar_t *s, wchar_t c) {
  for (const wchar_t *p = s + wcslen(s); p >= s; p--)
    if (*p == c)
      return (wchar_t *)p;
  return NULL;
}

wchar_t *wcsstr(const wchar_t *haystack, const wchar_t *needle) {
  size_t len = wcslen(needle);
  for (; wcsncmp(haystack, needle, len) != 0; haystack++)
    if (!*haystack)
      return NULL;
  return (wchar_t *)haystack;
}

size_t wcscspn(const wchar_t *s, const wchar_t *reject) {
  size_t len = 0;
  while (s[len] && !wcschr(reject, s[len]))
    len++;
  return len;
}

size_t wcsspn(const wchar_t *s, const wchar_t *accept) {
  size_t len = 0;
  while (s[len] && wcschr(accept, s[len]))
    len++;
  return len;
}

wchar_t *wcspbrk(const wchar_t *s, const wchar_t *accept) {
  s += wcscspn(s, accept);
  return *s ? (wchar_t *)s : NULL;
}

wchar_t *wcstok(wchar_t *str, const wchar_t *delim, wchar_t **saveptr) {
  if (!str)
    str = *saveptr;
  str += wcsspn(str, delim);
  wchar_t *end = str + wcscspn(str, delim);
  *saveptr = *end ? end + 1 : end;
  if (!*str)
    return NULL;
  *end = 0;
  return str;
}

int wcsncasecmp(const wchar_t *s1, const wchar_t *s2, size_t n) {
  for (; n > 0; n--, s1++, s2++) {
    wint_t a = towlower((wint_t)*s1), b = towlower((wint_t)*s2);
    if (a != b || !a)
      return a < b ? -1 : a > b;
  }
  return 0;
}

int wcscasecmp(const wchar_t *s1, const wchar_t *s2) { return wcsncasecmp(s1, s2, (size_t)-1); }
int wcscoll(const wchar_t *s1, const wchar_t *s2) { return wcscmp(s1, s2); }

size_t wcsxfrm(wchar_t *dest, const wchar_t *src, size_t n) {
  if (n > 0)
    wcsncpy(dest, src, n);
  return wcslen(src);
}

/* How many columns of a terminal, by Unicode's wide and combining blocks. */
int wcwidth(wchar_t wc) {
  unsigned c = (unsigned)wc;
  if (c == 0)
    return 0;
  if (!iswprint((wint_t)c))
    return -1;
  if (c >= 0x300 && c < 0x370)
    return 0;
  int wide = (c >= 0x1100 && c < 0x1160) || (c >= 0x2e80 && c < 0xd7a4 && c != 0x303f) || (c >= 0xf900 && c < 0xfb00) ||
             (c >= 0xfe30 && c < 0xfe70) || (c >= 0xff00 && c < 0xff61) || (c >= 0x1f300 && c < 0x1f650) || (c >= 0x20000 && c < 0x3fffe);
  return wide ? 2 : 1;
}

int wcswidth(const wchar_t *s, size_t n) {
  int columns = 0;
  for (; n > 0 && *s; n--, s++) {
    int width = wcwidth(*s);
    if (width < 0)
      return -1;
    columns += width;
  }
  return columns;
}

/* ---- numbers and times */

/* What of a wide string may be a number, as bytes. */
static char *__ascii_part(const wchar_t *s) {
  size_t len = 0;
  while (s[len] && (unsigned)s[len] < 0x80)
    len++;
  char *text = __builtin_malloc(len + 1);
  for (size_t i = 0; i < len; i++)
    text[i] = (char)s[i];
  text[len] = '\0';
  return text;
}

#define NUMBER(type, name, parameters, narrow, arguments) \
  type name parameters { \
    char *end, *text = __ascii_part(nptr); \
    type value = narrow arguments; \
    if (endptr) \
      *endptr = (wchar_t *)nptr + (end - text); \
    __builtin_free(text); \
    return value; \
  }
#define INTEGER(type, name, narrow) \
  NUMBER(type, name, (const wchar_t *nptr, wchar_t **endptr, int base), narrow, (text, &end, base))
INTEGER(long, wcstol, strtol)
INTEGER(long long, wcstoll, strtoll)
INTEGER(unsigned long, wcstoul, strtoul)
INTEGER(unsigned long long, wcstoull, strtoull)
NUMBER(double, wcstod, (const wchar_t *nptr, wchar_t **endptr), strtod, (text, &end))
NUMBER(float, wcstof, (const wchar_t *nptr, wchar_t **endptr), strtof, (text, &end))

/* A wide string as UTF-8, whatever the locale; the caller frees it. */
static char *__narrow(const wchar_t *s) {
  char *text = __builtin_malloc(wcslen(s) * 4 + 1);
  size_t len = 0;
  for (; *s; s++)
    len += __utf8(text + len, (unsigned)*s);
  text[len] = '\0';
  return text;
}

/* UTF-8 as wide characters with a NUL, at most `size`; how many without it, or -1. */
static int __widen(wchar_t *to, size_t size, const char *text, size_t len) {
  size_t done = 0;
  for (size_t i = 0; i < len; done++) {
    if (done + 1 >= size)
      return -1;
    int after = __bytes_after((unsigned char)text[i]);
    unsigned value = (unsigned char)text[i++] & (after > 0 ? 0x3f >> after : 0x7f);
    while (after-- > 0)
      value = value << 6 | ((unsigned char)text[i++] & 63);
    to[done] = (wchar_t)value;
  }
  if (size > 0)
    to[done] = 0;
  return (int)done;
}

size_t wcsftime(wchar_t *s, size_t max, const wchar_t *format, const struct tm *tm) {
  char *narrow = __narrow(format), *text = __builtin_malloc(max * 4 + 1);
  size_t len = strftime(text, max * 4 + 1, narrow, tm);
  int wide = __widen(s, max, text, len);
  __builtin_free(narrow);
  __builtin_free(text);
  return wide < 0 ? 0 : (size_t)wide;
}

/* ---- wide streams: the first use decides, fwide(3) */

static int __orient_wide(FILE *f) {
  if (f->_flags & F_WIDE)
    return 0;
  if ((f->_flags & F_BYTES) || f->_IO_buf_base)
    return EOF;
  f->_flags |= F_WIDE | (__libc_utf8 ? 0 : F_ASCII);
  return 0;
}

int fwide(FILE *stream, int mode) {
  if (mode > 0)
    __orient_wide(stream);
  else if (mode < 0 && !(stream->_flags & F_WIDE))
    stream->_flags |= F_BYTES;
  return stream->_flags & F_WIDE ? 1 : -((stream->_flags & F_BYTES) || stream->_IO_buf_base);
}

/* Text of UTF-8 in the stream's characters: in the C locale's `?` stands for the others. */
static int __put_wide(FILE *f, const char *text, size_t len) {
  int failed = __orient_wide(f);
  for (size_t i = 0; i < len && !failed;) {
    size_t run = 0;
    while (i + run < len && (!(f->_flags & F_ASCII) || (unsigned char)text[i + run] < 0x80))
      run++;
    failed = __put_all(f, text + i, run) != run;
    i += run;
    if (i < len) {
      int euro = len - i >= 3 && __libc_memcmp(text + i, "\xe2\x82\xac", 3) == 0;
      failed |= __put_all(f, euro ? "EUR" : "?", euro ? 3 : 1) == 0;
      i += (size_t)__bytes_after((unsigned char)text[i]) + 1;
    }
  }
  return failed ? EOF : 0;
}

wint_t fputwc(wchar_t wc, FILE *stream) {
  char bytes[8];
  __lock(stream);
  int failed = __put_wide(stream, bytes, __utf8(bytes, (unsigned)wc));
  __unlock(stream);
  return failed ? WEOF : (wint_t)wc;
}

wint_t putwc(wchar_t wc, FILE *stream) { return fputwc(wc, stream); }
wint_t putwchar(wchar_t wc) { return fputwc(wc, stdout); }

int fputws(const wchar_t *ws, FILE *stream) {
  char *text = __narrow(ws);
  __lock(stream);
  int failed = __put_wide(stream, text, __libc_strlen(text));
  __unlock(stream);
  __builtin_free(text);
  return failed ? -1 : 1;
}

/* Formats to UTF-8 in a block of its own, widths counting characters. */
static int __format_wide(char **text, const wchar_t *format, va_list ap) {
  char *narrow = __narrow(format), small[1];
  int len = __format(text, small, 0, NULL, 0, narrow, ap, __libc_utf8 | 2);
  __builtin_free(narrow);
  if (*text == small)
    *text = NULL;
  return len;
}

int vfwprintf(FILE *stream, const wchar_t *format, va_list ap) {
  char *text;
  if (stream->_flags & F_NO_WRITES) {
    errno = EBADF;
    return -1;
  }
  int len = __format_wide(&text, format, ap), count = 0;
  if (len < 0)
    return -1;
  for (int i = 0; i < len; i++)
    count += (text[i] & 0xc0) != 0x80;
  __lock(stream);
  int failed = __put_wide(stream, text, (size_t)len);
  __unlock(stream);
  __builtin_free(text);
  return failed ? -1 : count;
}

int vswprintf(wchar_t *ws, size_t n, const wchar_t *format, va_list ap) {
  char *text;
  int len = __format_wide(&text, format, ap);
  if (len >= 0)
    len = __widen(ws, n, text, (size_t)len);
  __builtin_free(text);
  return len;
}

int vwprintf(const wchar_t *format, va_list ap) { return vfwprintf(stdout, format, ap); }

int wprintf(const wchar_t *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vfwprintf(stdout, format, ap);
  va_end(ap);
  return len;
}

int fwprintf(FILE *stream, const wchar_t *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vfwprintf(stream, format, ap);
  va_end(ap);
  return len;
}

int swprintf(wchar_t *ws, size_t n, const wchar_t *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vswprintf(ws, n, format, ap);
  va_end(ap);
  return len;
}

wint_t fgetwc(FILE *stream) {
  mbstate_t state = { 0 };
  wint_t result = WEOF;
  wchar_t wc;
  size_t used = (size_t)-2;
  __lock(stream);
  if (__orient_wide(stream) == 0)
    while (used == (size_t)-2) {
      int c = __get(stream);
      if (c == EOF)
        break;
      char byte = (char)c;
      used = mbrtowc(&wc, &byte, 1, &state);
      if (used == (size_t)-1)
        stream->_flags |= F_ERR_SEEN;
      else if (used != (size_t)-2)
        result = (wint_t)wc;
    }
  __unlock(stream);
  return result;
}

wint_t getwc(FILE *stream) { return fgetwc(stream); }
wint_t getwchar(void) { return fgetwc(stdin); }

wint_t ungetwc(wint_t wc, FILE *stream) {
  char bytes[8];
  size_t len = wc == WEOF ? (size_t)-1 : wcrtomb(bytes, (wchar_t)wc, NULL);
  if (len == (size_t)-1 || __orient_wide(stream))
    return WEOF;
  while (len-- > 0)
    if (ungetc((unsigned char)bytes[len], stream) == EOF)
      return WEOF;
  return wc;
}

wchar_t *fgetws(wchar_t *ws, int n, FILE *stream) {
  int done = 0;
  while (done < n - 1) {
    wint_t wc = fgetwc(stream);
    if (wc == WEOF)
      break;
    ws[done++] = (wchar_t)wc;
    if (wc == L'\n')
      break;
  }
  if (done == 0)
    return NULL;
  ws[done] = 0;
  return ws;
}

/* ---- wctype.h: kinds of characters by name */

static int (*const __wide_kinds[])(wint_t) = { iswalnum, iswalpha, iswblank, iswcntrl, iswdigit, iswgraph, iswlower, iswprint, iswpunct,
  iswspace, iswupper, iswxdigit };

wctype_t wctype(const char *name) {
  static const char names[] = "alnum\0alpha\0blank\0cntrl\0digit\0graph\0lower\0print\0punct\0space\0upper\0xdigit";
  wctype_t number = 1;
  for (const char *p = names; p < names + sizeof names; p += __libc_strlen(p) + 1, number++)
    if (strcmp(p, name) == 0)
      return number;
  return 0;
}

int iswctype(wint_t wc, wctype_t desc) { return desc ? __wide_kinds[desc - 1](wc) : 0; }

/* ---- langinfo.h: the names of times are English in both locales */

char *nl_langinfo(nl_item item) {
  static const char *const times[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sunday", "Monday", "Tuesday", "Wednesday",
    "Thursday", "Friday", "Saturday", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "January",
    "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December", "AM", "PM",
    "%a %b %e %H:%M:%S %Y", "%m/%d/%y", "%H:%M:%S", "%I:%M:%S %p" };
  if (item >= ABDAY_1 && item <= T_FMT_AMPM)
    return (char *)times[item - ABDAY_1];
  switch (item) {
  case CODESET: return __libc_utf8 ? "UTF-8" : "ANSI_X3.4-1968";
  case RADIXCHAR: return ".";
  case YESEXPR: return "^[yY]";
  case NOEXPR: return "^[nN]";
  case CRNCYSTR: return "-";
  default: return "";
  }
}
