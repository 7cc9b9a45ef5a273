/* <iostream>, <string>, <iomanip> as the small C++ understands them: plain structures; the
 * operators and members are known to the compiler, which calls the functions below. */
#ifndef _SOQUETE_IOSTREAM
#define _SOQUETE_IOSTREAM
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct __cxx_string {
    char *__p;
    size_t __len;
    size_t __cap;
    size_t __pad;
};
typedef struct __cxx_string string;

struct __ostream {
    int __fd;
    int __width;
    int __precision;
    int __base;
    int __fixed;
    int __boolalpha;
    int __fill;
    int __left;
};
typedef struct __ostream ostream;

struct __istream {
    int __state;
};
typedef struct __istream istream;

struct __manip {
    int __kind;
    int __value;
};

extern ostream cout;
extern ostream cerr;
extern ostream clog;
extern istream cin;
extern const struct __manip endl, flush, ends, hex, dec, oct, fixed, scientific, boolalpha,
    noboolalpha, left, right, ws;

struct __manip setw(int __n);
struct __manip setprecision(int __n);
struct __manip setfill(int __c);

ostream *__out_int(ostream *__o, long long __v);
ostream *__out_uint(ostream *__o, unsigned long long __v);
ostream *__out_char(ostream *__o, int __c);
ostream *__out_bool(ostream *__o, int __b);
ostream *__out_double(ostream *__o, double __v);
ostream *__out_cstr(ostream *__o, const char *__s);
ostream *__out_pointer(ostream *__o, const void *__p);
ostream *__out_string(ostream *__o, const struct __cxx_string *__s);
ostream *__out_manip(ostream *__o, struct __manip __m);
ostream *__out_write(ostream *__o, const char *__s, size_t __n);
ostream *__out_flush(ostream *__o);

istream *__in_int(istream *__i, void *__p, int __size, int __is_signed);
istream *__in_double(istream *__i, double *__p);
istream *__in_float(istream *__i, float *__p);
istream *__in_char(istream *__i, char *__p);
istream *__in_cstr(istream *__i, char *__p, size_t __size);
istream *__in_string(istream *__i, struct __cxx_string *__s);
istream *__in_getline(istream *__i, struct __cxx_string *__s);
istream *__in_getline_buffer(istream *__i, char *__p, size_t __size);
istream *__in_ignore(istream *__i, size_t __n, int __until);
int __in_get(istream *__i);
int __in_ok(istream *__i);
int __in_eof(istream *__i);
int __in_fail(istream *__i);
void __in_clear(istream *__i);

struct __cxx_string __string_make(const char *__s, size_t __n);
struct __cxx_string __string_from(const char *__s);
struct __cxx_string __string_fill(size_t __n, int __c);
struct __cxx_string __string_copy(const struct __cxx_string *__s);
struct __cxx_string __string_concat(const struct __cxx_string *__a, const struct __cxx_string *__b);
struct __cxx_string __string_substr(const struct __cxx_string *__s, size_t __at, size_t __n);
struct __cxx_string *__string_append(struct __cxx_string *__s, const struct __cxx_string *__t);
struct __cxx_string *__string_append_char(struct __cxx_string *__s, int __c);
int __string_compare(const struct __cxx_string *__a, const struct __cxx_string *__b);
char *__string_at(struct __cxx_string *__s, size_t __i);
size_t __string_find(const struct __cxx_string *__s, const struct __cxx_string *__t, size_t __from);
size_t __string_find_char(const struct __cxx_string *__s, int __c, size_t __from);
void __string_clear(struct __cxx_string *__s);
void __string_pop(struct __cxx_string *__s);
void __string_erase(struct __cxx_string *__s, size_t __at, size_t __n);
void __string_resize(struct __cxx_string *__s, size_t __n);

string to_string(double __v);
int stoi(const struct __cxx_string &__s);
long stol(const struct __cxx_string &__s);
double stod(const struct __cxx_string &__s);
string __to_string_int(long long __v);
string __to_string_uint(unsigned long long __v);
#endif
