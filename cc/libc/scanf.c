/* scanf(3) and family, after glibc: what is read, what is pushed back, what is returned. */

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct __scan {
  FILE *f;
  int count;  /* characters read, for %n */
  va_list ap; /* arguments in order */
  va_list all;
};

static int __scan_get(struct __scan *s) {
  int c = __get(s->f);
  if (c != EOF)
    s->count++;
  return c;
}

static void __scan_back(struct __scan *s, int c) {
  if (c != EOF) {
    ungetc(c, s->f);
    s->count--;
  }
}

static int __scan_skip_blanks(struct __scan *s) {
  int c;
  do
    c = __scan_get(s);
  while (isspace(c));
  return c;
}

/* The next pointer argument, or the one that %n$ names. */
static void *__scan_argument(struct __scan *s, int position) {
  if (position == 0)
    return va_arg(s->ap, void *);
  va_list copy;
  va_copy(copy, s->all);
  void *argument = NULL;
  for (int i = 0; i < position; i++)
    argument = va_arg(copy, void *);
  va_end(copy);
  return argument;
}

static void __scan_store(void *at, int length, long long value) {
  switch (length) {
  case 'H': *(signed char *)at = (signed char)value; break;
  case 'h': *(short *)at = (short)value; break;
  case 'l': *(long *)at = (long)value; break;
  case 'q': *(long long *)at = value; break;
  default: *(int *)at = (int)value; break;
  }
}

/* Text gathered for a conversion: grows, because a number may be long. */
struct __scan_text {
  char *bytes;
  size_t len;
  size_t room;
  char small[128];
};

static void __scan_text_init(struct __scan_text *t) {
  t->bytes = t->small;
  t->len = 0;
  t->room = sizeof t->small;
}

static void __scan_text_add(struct __scan_text *t, int c) {
  if (t->len + 1 >= t->room) {
    char *bigger = __builtin_malloc(2 * t->room);
    __libc_memcpy(bigger, t->bytes, t->len);
    if (t->bytes != t->small)
      __builtin_free(t->bytes);
    t->bytes = bigger;
    t->room *= 2;
  }
  t->bytes[t->len++] = (char)c;
  t->bytes[t->len] = '\0';
}

static void __scan_text_done(struct __scan_text *t) {
  if (t->bytes != t->small)
    __builtin_free(t->bytes);
}

static int __digit_value(int c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if ((c | 32) >= 'a' && (c | 32) <= 'z')
    return (c | 32) - 'a' + 10;
  return 99;
}

/* Reads an integer's text; 0 if there is none, EOF if the input ended before anything. */
static int __scan_integer(struct __scan *s, struct __scan_text *t, int base, int width, int c) {
  if (c == '-' || c == '+') {
    __scan_text_add(t, c);
    width--;
    if (width == 0)
      return 0;
    c = __scan_get(s);
  }
  size_t digits = 0;
  if (width != 0 && c == '0') {
    __scan_text_add(t, c);
    digits++;
    width--;
    c = width == 0 ? EOF : __scan_get(s);
    if (width != 0 && (c | 32) == 'x' && c != EOF && (base == 0 || base == 16)) {
      base = 16;
      __scan_text_add(t, c);
      width--;
      digits = 0;
      c = width == 0 ? EOF : __scan_get(s);
      if (width == 0)
        return 0;
      /* "0x" and no digit: glibc takes it for no number at all. */
      if (__digit_value(c) >= 16) {
        __scan_back(s, c);
        return 0;
      }
    } else if (base == 0) {
      base = 8;
    }
    if (width == 0)
      return 1;
  }
  if (base == 0)
    base = 10;
  while (c != EOF && width != 0 && __digit_value(c) < base) {
    __scan_text_add(t, c);
    digits++;
    width--;
    if (width == 0)
      return 1;
    c = __scan_get(s);
  }
  __scan_back(s, c);
  return digits > 0;
}

/* Reads the text of a floating-point number; 0 if it is none. */
static int __scan_float(struct __scan *s, struct __scan_text *t, int width, int c) {
  if (c == '-' || c == '+') {
    __scan_text_add(t, c);
    if (--width == 0)
      return 0;
    c = __scan_get(s);
  }
  int lower = c | 32;
  if (c != EOF && (lower == 'n' || lower == 'i')) {
    const char *word = lower == 'n' ? "nan" : "inf";
    for (int i = 0; i < 3; i++) {
      if (c == EOF || (c | 32) != word[i]) {
        __scan_back(s, c);
        return 0;
      }
      __scan_text_add(t, c);
      if (--width == 0)
        return i == 2;
      c = __scan_get(s);
    }
    if (lower == 'i' && c != EOF && (c | 32) == 'i') {
      word = "inity";
      for (int i = 0; i < 5; i++) {
        if (c == EOF || (c | 32) != word[i]) {
          __scan_back(s, c);
          return 0;
        }
        __scan_text_add(t, c);
        if (--width == 0)
          return i == 4;
        c = __scan_get(s);
      }
    }
    __scan_back(s, c);
    return 1;
  }
  int hex = 0;
  int digits = 0;
  int point = 0;
  int exponent = 0;
  if (c == '0') {
    __scan_text_add(t, c);
    digits = 1;
    if (--width == 0)
      return 1;
    c = __scan_get(s);
    if (c != EOF && (c | 32) == 'x') {
      hex = 1;
      digits = 0;
      __scan_text_add(t, c);
      if (--width == 0)
        return 0;
      c = __scan_get(s);
    }
  }
  for (;;) {
    int last = t->len > 0 ? t->bytes[t->len - 1] | 32 : 0;
    if (isdigit(c) || (hex && !exponent && isxdigit(c)))
      digits = 1;
    else if (exponent && (c == '-' || c == '+') && last == (hex ? 'p' : 'e'))
      ;
    else if (digits && !exponent && c != EOF && (c | 32) == (hex ? 'p' : 'e'))
      exponent = 1;
    else if (c == '.' && !point && !exponent)
      point = 1;
    else
      break;
    __scan_text_add(t, c);
    if (--width == 0)
      return digits;
    c = __scan_get(s);
  }
  __scan_back(s, c);
  return digits; /* "1e" is 1: strtod(3) leaves the exponent without digits out */
}

/* The set of a `%[`; the place after its `]`. */
static const char *__scan_set(const char *format, char *set, int *negated) {
  *negated = *format == '^';
  if (*negated)
    format++;
  __libc_memset(set, 0, 256);
  const char *start = format;
  while (*format && (*format != ']' || format == start)) {
    unsigned char from = (unsigned char)*format;
    unsigned char to = from;
    if (format[1] == '-' && format[2] != '\0' && format[2] != ']') {
      to = (unsigned char)format[2];
      format += 2;
    }
    for (int c = from; c <= to; c++)
      set[c] = 1;
    format++;
  }
  return *format ? format + 1 : format;
}

static int __scan_format(struct __scan *s, const char *format) {
  int done = 0;
  int skip_blanks = 0;
  while (*format) {
    int c;
    if (*format != '%') {
      if (isspace((unsigned char)*format)) {
        skip_blanks = 1;
        format++;
        continue;
      }
      c = __scan_get(s);
      if (c == EOF)
        return done ? done : EOF;
      if (skip_blanks) {
        while (isspace(c))
          c = __scan_get(s);
        if (c == EOF)
          return done ? done : EOF;
        skip_blanks = 0;
      }
      if (c != (unsigned char)*format) {
        __scan_back(s, c);
        return done;
      }
      format++;
      continue;
    }
    format++;
    int position = 0;
    int width = -1;
    int suppress = 0;
    int allocate = 0;
    int length = 0;
    if (isdigit((unsigned char)*format)) {
      int number = 0;
      while (isdigit((unsigned char)*format))
        number = number * 10 + (*format++ - '0');
      if (*format == '$') {
        position = number;
        format++;
      } else {
        width = number;
      }
    }
    for (;; format++) {
      if (*format == '*')
        suppress = 1;
      else if (*format != '\'' && *format != 'I')
        break;
#ifdef _WIN32
      if (format[0] == 'I' && format[1] == '6')
        break;
#endif
    }
    if (isdigit((unsigned char)*format)) {
      width = 0;
      while (isdigit((unsigned char)*format))
        width = width * 10 + (*format++ - '0');
    }
    if (width == 0)
      width = -1;
    switch (*format) {
    case 'h':
      length = 'h';
      if (*++format == 'h') {
        length = 'H';
        format++;
      }
      break;
    case 'l':
      length = 'l';
      if (*++format == 'l') {
        length = 'q';
        format++;
      }
      break;
    case 'q':
    case 'L':
    case 'j':
    case 'z':
    case 't':
      length = *format == 'L' ? 'L' : 'q';
      format++;
      break;
#ifdef _WIN32
    case 'I':
      length = 'q';
      format += 3;
      break;
#endif
    case 'm':
      allocate = 1;
      format++;
      if (*format == 'l')
        format++;
      break;
    default:
      break;
    }
    int conversion = (unsigned char)*format;
    if (conversion == '\0')
      return done;
    format++;
    if (skip_blanks || (conversion != '[' && conversion != 'c' && conversion != 'C' && conversion != 'n')) {
      int saved = errno;
      c = __scan_skip_blanks(s);
      errno = c == EOF ? errno : saved;
      __scan_back(s, c);
      skip_blanks = 0;
      if (c == EOF && conversion != 'n')
        return done ? done : EOF;
    }
    struct __scan_text text;
    __scan_text_init(&text);
    switch (conversion) {
    case '%':
      c = __scan_get(s);
      if (c == EOF)
        return done ? done : EOF;
      if (c != '%') {
        __scan_back(s, c);
        return done;
      }
      break;
    case 'n':
      if (!suppress)
        __scan_store(__scan_argument(s, position), length, s->count);
      break;
    case 'c': {
      if (width < 0)
        width = 1;
      char *to = NULL;
      char **keep = NULL;
      if (!suppress) {
        if (allocate) {
          keep = __scan_argument(s, position);
          to = *keep = __builtin_malloc((size_t)width);
        } else {
          to = __scan_argument(s, position);
        }
      }
      c = __scan_get(s);
      if (c == EOF)
        return done ? done : EOF;
      do {
        if (to)
          *to++ = (char)c;
      } while (--width > 0 && (c = __scan_get(s)) != EOF);
      if (!suppress)
        done++;
      break;
    }
    case 's':
    case '[': {
      char set[256];
      int negated = 0;
      if (conversion == '[')
        format = __scan_set(format, set, &negated);
      char *to = NULL;
      char **keep = NULL;
      if (!suppress) {
        if (allocate)
          keep = __scan_argument(s, position);
        else
          to = __scan_argument(s, position);
      }
      c = __scan_get(s);
      if (c == EOF)
        return done ? done : EOF;
      size_t read = 0;
      while (c != EOF && (conversion == 's' ? !isspace(c) : set[c] != negated)) {
        if (keep)
          __scan_text_add(&text, c);
        else if (to)
          *to++ = (char)c;
        read++;
        if (width > 0 && --width == 0)
          break;
        c = __scan_get(s);
      }
      if (width != 0)
        __scan_back(s, c);
      if (read == 0) {
        __scan_text_done(&text);
        return done;
      }
      if (to)
        *to = '\0';
      if (keep) {
        *keep = __builtin_malloc(text.len + 1);
        __libc_memcpy(*keep, text.bytes, text.len + 1);
      }
      if (!suppress)
        done++;
      break;
    }
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
    case 'p': {
      int base = conversion == 'i' ? 0 : conversion == 'o' ? 8 : conversion == 'd' || conversion == 'u' ? 10 : 16;
      c = __scan_get(s);
      if (c == EOF)
        return done ? done : EOF;
      if (conversion == 'p') {
        length = 'q';
        if (c == '(') {
          /* "(nil)" is how printf prints a null pointer. */
          const char *nil = "nil)";
          while (*nil && (c = __scan_get(s)) == *nil)
            nil++;
          if (*nil) {
            __scan_back(s, c);
            return done;
          }
          if (!suppress) {
            *(void **)__scan_argument(s, position) = NULL;
            done++;
          }
          break;
        }
      }
      if (!__scan_integer(s, &text, base, width, c)) {
        __scan_text_done(&text);
        return done;
      }
      if (!suppress) {
        int saved = errno;
        int is_signed = conversion == 'd' || conversion == 'i';
        int is_long = length == 'l' || length == 'q';
#ifdef _WIN32
        is_long = length == 'q';
#endif
        long long value = __libc_strtol(text.bytes, NULL, base, is_signed ? 0 : 1);
        (void)is_long;
        errno = saved;
        __scan_store(__scan_argument(s, position), length, value);
        done++;
      }
      break;
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      c = __scan_get(s);
      if (c == EOF)
        return done ? done : EOF;
      if (!__scan_float(s, &text, width, c)) {
        __scan_text_done(&text);
        return done;
      }
      if (!suppress) {
        void *at = __scan_argument(s, position);
        if (length == 'L')
          *(long double *)at = __libc_strtod(text.bytes, NULL);
        else if (length == 'l' || length == 'q')
          *(double *)at = __libc_strtod(text.bytes, NULL);
        else
          *(float *)at = (float)__libc_strtof(text.bytes, NULL);
        done++;
      }
      break;
    default:
      return done; /* no conversion of that letter */
    }
    __scan_text_done(&text);
  }
  /* Blanks at the end of the format eat blanks of the input. */
  if (skip_blanks)
    __scan_back(s, __scan_skip_blanks(s));
  return done;
}

int vfscanf(FILE *stream, const char *format, va_list ap) {
  struct __scan s;
  s.f = stream;
  s.count = 0;
  va_copy(s.ap, ap);
  va_copy(s.all, ap);
  __lock(stream);
  int done = __scan_format(&s, format);
  __unlock(stream);
  va_end(s.ap);
  va_end(s.all);
  return done;
}

int vsscanf(const char *str, const char *format, va_list ap) {
  struct _IO_FILE f;
  __open_string(&f, str);
  return vfscanf(&f, format, ap);
}

int vscanf(const char *format, va_list ap) { return vfscanf(stdin, format, ap); }

int fscanf(FILE *stream, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int done = vfscanf(stream, format, ap);
  va_end(ap);
  return done;
}

int scanf(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int done = vfscanf(stdin, format, ap);
  va_end(ap);
  return done;
}

int sscanf(const char *str, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int done = vsscanf(str, format, ap);
  va_end(ap);
  return done;
}
