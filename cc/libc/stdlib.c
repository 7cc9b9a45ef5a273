/* stdlib.h: memory, numbers, random numbers, sorting, environment. */

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory: the allocator itself is the machine's, which checks every access */

void *malloc(size_t size) { return __builtin_malloc(size); }

void free(void *ptr) { __builtin_free(ptr); }

void *calloc(size_t nmemb, size_t size) {
  size_t total = nmemb * size;
  if (size != 0 && total / size != nmemb) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = __builtin_malloc(total);
  return block ? __libc_memset(block, 0, total) : NULL;
}

void *realloc(void *ptr, size_t size) {
  if (!ptr)
    return __builtin_malloc(size);
  size_t old = __builtin_block_size(ptr);
  if (size == 0) {
    __builtin_free(ptr);
    return NULL;
  }
  void *block = __builtin_malloc(size);
  if (!block)
    return NULL;
  __builtin_memmove(block, ptr, old < size ? old : size);
  __builtin_free(ptr);
  return block;
}

/* ---- numbers */

#ifdef _WIN32
#define LONG_KIND 2
#define ULONG_KIND 3
#else
#define LONG_KIND 0
#define ULONG_KIND 1
#endif

long strtol(const char *nptr, char **endptr, int base) { return (long)__libc_strtol(nptr, endptr, base, LONG_KIND); }
unsigned long strtoul(const char *nptr, char **endptr, int base) { return (unsigned long)__libc_strtol(nptr, endptr, base, ULONG_KIND); }
long long strtoll(const char *nptr, char **endptr, int base) { return __libc_strtol(nptr, endptr, base, 0); }
unsigned long long strtoull(const char *nptr, char **endptr, int base) { return (unsigned long long)__libc_strtol(nptr, endptr, base, 1); }
intmax_t strtoimax(const char *nptr, char **endptr, int base) { return __libc_strtol(nptr, endptr, base, 0); }
uintmax_t strtoumax(const char *nptr, char **endptr, int base) { return (uintmax_t)__libc_strtol(nptr, endptr, base, 1); }
double strtod(const char *nptr, char **endptr) { return __libc_strtod(nptr, endptr); }
float strtof(const char *nptr, char **endptr) { return (float)__libc_strtof(nptr, endptr); }
long double strtold(const char *nptr, char **endptr) { return __libc_strtod(nptr, endptr); }
double atof(const char *nptr) { return __libc_strtod(nptr, NULL); }
int atoi(const char *nptr) { return (int)__libc_strtol(nptr, NULL, 10, LONG_KIND); }
long atol(const char *nptr) { return (long)__libc_strtol(nptr, NULL, 10, LONG_KIND); }
long long atoll(const char *nptr) { return __libc_strtol(nptr, NULL, 10, 0); }

int abs(int j) { return j < 0 ? -j : j; }
long labs(long j) { return j < 0 ? -j : j; }
long long llabs(long long j) { return j < 0 ? -j : j; }
intmax_t imaxabs(intmax_t n) { return n < 0 ? -n : n; }

div_t div(int numerator, int denominator) {
  div_t result = { numerator / denominator, numerator % denominator };
  return result;
}

ldiv_t ldiv(long numerator, long denominator) {
  ldiv_t result = { numerator / denominator, numerator % denominator };
  return result;
}

lldiv_t lldiv(long long numerator, long long denominator) {
  lldiv_t result = { numerator / denominator, numerator % denominator };
  return result;
}

imaxdiv_t imaxdiv(intmax_t numerator, intmax_t denominator) {
  imaxdiv_t result = { numerator / denominator, numerator % denominator };
  return result;
}

/* ---- random numbers */

#ifdef _WIN32

static unsigned int __rand_state = 1;

void srand(unsigned int seed) { __rand_state = seed; }

int rand(void) {
  __rand_state = __rand_state * 214013 + 2531011;
  return (int)(__rand_state >> 16 & 0x7fff);
}

char *_itoa(int value, char *str, int radix) {
  char digits[34];
  int at = sizeof digits;
  unsigned int rest = value < 0 && radix == 10 ? 0u - (unsigned int)value : (unsigned int)value;
  digits[--at] = '\0';
  do
    digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % radix];
  while (rest /= radix);
  if (value < 0 && radix == 10)
    digits[--at] = '-';
  return __libc_strcpy(str, digits + at);
}

char *itoa(int value, char *str, int radix) { return _itoa(value, str, radix); }

#else

/* glibc's additive feedback generator of degree 31, random(3): x[i] = x[i-3] + x[i-31]. */
static int __random_state[31];
static int __random_front;
static int __random_rear;
static int __random_seeded;

static unsigned int __random_step(void) {
  unsigned int sum = (unsigned int)__random_state[__random_front] + (unsigned int)__random_state[__random_rear];
  __random_state[__random_front] = (int)sum;
  __random_front = (__random_front + 1) % 31;
  __random_rear = (__random_rear + 1) % 31;
  return sum >> 1;
}

void srandom(unsigned int seed) {
  int word = (int)(seed ? seed : 1);
  __random_state[0] = word;
  for (int i = 1; i < 31; i++) {
    int hi = word / 127773;
    int lo = word % 127773;
    word = 16807 * lo - 2836 * hi;
    if (word < 0)
      word += 2147483647;
    __random_state[i] = word;
  }
  __random_front = 3;
  __random_rear = 0;
  __random_seeded = 1;
  for (int i = 0; i < 310; i++)
    __random_step();
}

void srand(unsigned int seed) { srandom(seed); }

long random(void) {
  if (!__random_seeded)
    srandom(1);
  return __random_step();
}

int rand(void) { return (int)random(); }

int rand_r(unsigned int *seedp) {
  unsigned int next = *seedp;
  int result;
  next = next * 1103515245 + 12345;
  result = (int)(next / 65536 % 2048);
  next = next * 1103515245 + 12345;
  result = result << 10 ^ (int)(next / 65536 % 1024);
  next = next * 1103515245 + 12345;
  result = result << 10 ^ (int)(next / 65536 % 1024);
  *seedp = next;
  return result;
}

/* drand48(3): a 48-bit linear congruential generator. */
static unsigned long __drand48_state = 0;

static unsigned long __drand48_next(unsigned long state) { return (state * 0x5deece66dUL + 0xb) & 0xffffffffffffUL; }
static unsigned long __drand48_step(void) { return __drand48_state = __drand48_next(__drand48_state); }

void srand48(long seedval) { __drand48_state = ((unsigned long)seedval & 0xffffffffUL) << 16 | 0x330e; }
long lrand48(void) { return (long)(__drand48_step() >> 17); }
long mrand48(void) { return (long)(int)(__drand48_step() >> 16); }
double drand48(void) { return (double)__drand48_step() / 281474976710656.0; }

/* The same with the caller's state. */
static unsigned long __drand48_of(unsigned short xsubi[3]) {
  unsigned long state = __drand48_next(xsubi[0] | (unsigned long)xsubi[1] << 16 | (unsigned long)xsubi[2] << 32);
  xsubi[0] = (unsigned short)state;
  xsubi[1] = (unsigned short)(state >> 16);
  xsubi[2] = (unsigned short)(state >> 32);
  return state;
}

long nrand48(unsigned short xsubi[3]) { return (long)(__drand48_of(xsubi) >> 17); }
long jrand48(unsigned short xsubi[3]) { return (long)(int)(__drand48_of(xsubi) >> 16); }
double erand48(unsigned short xsubi[3]) { return (double)__drand48_of(xsubi) / 281474976710656.0; }

void *aligned_alloc(size_t alignment, size_t size) {
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    errno = EINVAL;
    return NULL;
  }
  return __libc_malloc_at(size, alignment);
}

int posix_memalign(void **memptr, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
    return EINVAL;
  int saved = errno;
  void *block = __libc_malloc_at(size, alignment);
  errno = saved;
  if (!block)
    return ENOMEM;
  *memptr = block;
  return 0;
}

void *reallocarray(void *ptr, size_t nmemb, size_t size) {
  size_t total = nmemb * size;
  if (size != 0 && total / size != nmemb) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(ptr, total);
}

#endif

/* ---- sorting and searching: merge sort, with glibc's order of comparisons */

static void __merge_sort(char *base, size_t count, size_t size, int (*compar)(const void *, const void *, void *), void *arg, char *scratch) {
  if (count <= 1)
    return;
  size_t left = count / 2;
  size_t right = count - left;
  char *a = base;
  char *b = base + left * size;
  __merge_sort(a, left, size, compar, arg, scratch);
  __merge_sort(b, right, size, compar, arg, scratch);
  char *to = scratch;
  while (left > 0 && right > 0) {
    if (compar(a, b, arg) <= 0) {
      __libc_memcpy(to, a, size);
      a += size;
      left--;
    } else {
      __libc_memcpy(to, b, size);
      b += size;
      right--;
    }
    to += size;
  }
  if (left > 0)
    __libc_memcpy(to, a, left * size);
  __libc_memcpy(base, scratch, (count - right) * size);
}

static int __compare_two(const void *a, const void *b, void *arg) {
  return (*(int (**)(const void *, const void *))arg)(a, b);
}

void qsort(void *base, size_t nmemb, size_t size, int (*compar)(const void *, const void *)) {
  if (nmemb < 2 || size == 0)
    return;
  char *scratch = __builtin_malloc(nmemb * size);
  __merge_sort(base, nmemb, size, __compare_two, &compar, scratch);
  __builtin_free(scratch);
}

#ifndef _WIN32
void qsort_r(void *base, size_t nmemb, size_t size, int (*compar)(const void *, const void *, void *), void *arg) {
  if (nmemb < 2 || size == 0)
    return;
  char *scratch = __builtin_malloc(nmemb * size);
  __merge_sort(base, nmemb, size, compar, arg, scratch);
  __builtin_free(scratch);
}
#endif

void *bsearch(const void *key, const void *base, size_t nmemb, size_t size, int (*compar)(const void *, const void *)) {
  size_t low = 0;
  size_t high = nmemb;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const char *element = (const char *)base + middle * size;
    int order = compar(key, element);
    if (order < 0)
      high = middle;
    else if (order > 0)
      low = middle + 1;
    else
      return (void *)element;
  }
  return NULL;
}

/* ---- environment */

extern char **environ;
extern char **__environ;

char *getenv(const char *name) {
  size_t len = __libc_strlen(name);
  if (!environ || len == 0)
    return NULL;
  for (char **entry = environ; *entry; entry++)
    if (__libc_strncmp(*entry, name, len) == 0 && (*entry)[len] == '=')
      return *entry + len + 1;
  return NULL;
}

#ifndef _WIN32
char *secure_getenv(const char *name) { return getenv(name); }

/* Puts `entry` ("NAME=value") into the environment; the list grows into a new block. */
static int __putenv(char *entry, size_t name_len, int overwrite) {
  size_t count = 0;
  if (environ)
    for (; environ[count]; count++)
      if (__libc_strncmp(environ[count], entry, name_len + 1) == 0) {
        if (overwrite)
          environ[count] = entry;
        return 0;
      }
  char **list = __builtin_malloc((count + 2) * sizeof *list);
  if (!list)
    return -1;
  for (size_t i = 0; i < count; i++)
    list[i] = environ[i];
  list[count] = entry;
  list[count + 1] = NULL;
  environ = list;
  __environ = list;
  return 0;
}

int setenv(const char *name, const char *value, int overwrite) {
  size_t name_len = __libc_strlen(name);
  if (name_len == 0 || __libc_strchr(name, '=')) {
    errno = EINVAL;
    return -1;
  }
  if (!overwrite && getenv(name))
    return 0;
  size_t value_len = __libc_strlen(value);
  char *entry = __builtin_malloc(name_len + value_len + 2);
  if (!entry)
    return -1;
  __libc_memcpy(entry, name, name_len);
  entry[name_len] = '=';
  __libc_memcpy(entry + name_len + 1, value, value_len + 1);
  return __putenv(entry, name_len, 1);
}

int unsetenv(const char *name) {
  size_t len = __libc_strlen(name);
  if (len == 0 || __libc_strchr(name, '=')) {
    errno = EINVAL;
    return -1;
  }
  char **to = environ;
  if (!to)
    return 0;
  for (char **from = environ; *from; from++)
    if (__libc_strncmp(*from, name, len) != 0 || (*from)[len] != '=')
      *to++ = *from;
  *to = NULL;
  return 0;
}

int putenv(char *string) {
  char *equals = __libc_strchr(string, '=');
  if (!equals)
    return unsetenv(string);
  return __putenv(string, (size_t)(equals - string), 1);
}

int clearenv(void) {
  environ = NULL;
  __environ = NULL;
  return 0;
}
#else
#endif

/* ---- characters of more than one byte: in the C locale there are none; for Linux see wide.c */

#ifdef _WIN32

int mblen(const char *s, size_t n) { return !s || n == 0 ? 0 : *s != '\0'; }

int mbtowc(wchar_t *pwc, const char *s, size_t n) {
  if (!s || n == 0)
    return 0;
  if (pwc)
    *pwc = (unsigned char)*s;
  return *s != '\0';
}

int wctomb(char *s, wchar_t wc) {
  if (!s)
    return 0;
  if ((unsigned int)wc > 127) {
    errno = EILSEQ;
    return -1;
  }
  *s = (char)wc;
  return 1;
}

size_t mbstowcs(wchar_t *dest, const char *src, size_t n) {
  size_t i = 0;
  for (; i < n; i++) {
    dest[i] = (unsigned char)src[i];
    if (!src[i])
      return i;
  }
  return i;
}

size_t wcstombs(char *dest, const wchar_t *src, size_t n) {
  size_t i = 0;
  for (; i < n; i++) {
    dest[i] = (char)src[i];
    if (!src[i])
      return i;
  }
  return i;
}

#endif
