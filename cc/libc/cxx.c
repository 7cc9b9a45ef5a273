/* The functions behind <iostream> and <string>. Strings are never freed: the programs are small,
 * and a destructor that ran at the wrong moment would be worse. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct __cxx_string { char *p; size_t len, cap, pad; };
struct __ostream { int fd, width, precision, base, is_fixed, is_boolalpha, fill, is_left; };
struct __istream { int state; };
struct __manip { int kind, value; };

enum { ENDL = 1, FLUSH, ENDS, HEX, DEC, OCT, FIXED, SCIENTIFIC, BOOLALPHA, NOBOOLALPHA, LEFT, RIGHT,
       WS, SETW, SETPRECISION, SETFILL };
enum { EOFBIT = 2, FAILBIT = 4 };

struct __ostream cout = { 1, 0, 6, 10, 0, 0, ' ', 0 };
struct __ostream cerr = { 2, 0, 6, 10, 0, 0, ' ', 0 };
struct __ostream clog = { 2, 0, 6, 10, 0, 0, ' ', 0 };
struct __istream cin;
const struct __manip endl = { ENDL }, flush = { FLUSH }, ends = { ENDS }, hex = { HEX },
    dec = { DEC }, oct = { OCT }, fixed = { FIXED }, scientific = { SCIENTIFIC },
    boolalpha = { BOOLALPHA }, noboolalpha = { NOBOOLALPHA }, left = { LEFT }, right = { RIGHT },
    ws = { WS };

struct __manip setw(int n) { struct __manip m = { SETW, n }; return m; }
struct __manip setprecision(int n) { struct __manip m = { SETPRECISION, n }; return m; }
struct __manip setfill(int c) { struct __manip m = { SETFILL, c }; return m; }

struct __cxx_string *__string_append_char(struct __cxx_string *s, int c);

static FILE *cxx_file(struct __ostream *o)
{
    return o->fd == 2 ? stderr : stdout;
}

struct __ostream *__out_write(struct __ostream *o, const char *s, size_t n)
{
    fwrite(s, 1, n, cxx_file(o));
    return o;
}

struct __ostream *__out_flush(struct __ostream *o)
{
    fflush(cxx_file(o));
    return o;
}

/* Text in a field of the width set before, which is used once. */
static struct __ostream *cxx_field(struct __ostream *o, const char *s, size_t n)
{
    FILE *f = cxx_file(o);
    size_t width = o->width > 0 ? (size_t)o->width : 0;
    o->width = 0;
    if (!o->is_left)
        for (size_t i = n; i < width; i++)
            fputc(o->fill, f);
    fwrite(s, 1, n, f);
    if (o->is_left)
        for (size_t i = n; i < width; i++)
            fputc(o->fill, f);
    return o;
}

struct __ostream *__out_cstr(struct __ostream *o, const char *s)
{
    return cxx_field(o, s, strlen(s));
}

struct __ostream *__out_string(struct __ostream *o, const struct __cxx_string *s)
{
    return cxx_field(o, s->p, s->len);
}

struct __ostream *__out_char(struct __ostream *o, int c)
{
    char text[1] = { (char)c };
    return cxx_field(o, text, 1);
}

struct __ostream *__out_uint(struct __ostream *o, unsigned long long v)
{
    char text[32];
    int n = snprintf(text, sizeof text, o->base == 16 ? "%llx" : o->base == 8 ? "%llo" : "%llu", v);
    return cxx_field(o, text, n);
}

struct __ostream *__out_int(struct __ostream *o, long long v)
{
    char text[32];
    if (o->base != 10)
        return __out_uint(o, v);
    return cxx_field(o, text, snprintf(text, sizeof text, "%lld", v));
}

struct __ostream *__out_bool(struct __ostream *o, int b)
{
    if (o->is_boolalpha)
        return __out_cstr(o, b ? "true" : "false");
    return __out_int(o, b);
}

struct __ostream *__out_double(struct __ostream *o, double v)
{
    char text[400];
    const char *format = o->is_fixed == 1 ? "%.*f" : o->is_fixed == 2 ? "%.*e" : "%.*g";
    return cxx_field(o, text, snprintf(text, sizeof text, format, o->precision, v));
}

struct __ostream *__out_pointer(struct __ostream *o, const void *p)
{
    char text[32];
    if (!p)
        return __out_cstr(o, "0");
    return cxx_field(o, text, snprintf(text, sizeof text, "%p", p));
}

struct __ostream *__out_manip(struct __ostream *o, struct __manip m)
{
    switch (m.kind) {
    case ENDL: fputc('\n', cxx_file(o)); fflush(cxx_file(o)); break;
    case FLUSH: fflush(cxx_file(o)); break;
    case ENDS: fputc(0, cxx_file(o)); break;
    case HEX: o->base = 16; break;
    case DEC: o->base = 10; break;
    case OCT: o->base = 8; break;
    case FIXED: o->is_fixed = 1; break;
    case SCIENTIFIC: o->is_fixed = 2; break;
    case BOOLALPHA: o->is_boolalpha = 1; break;
    case NOBOOLALPHA: o->is_boolalpha = 0; break;
    case LEFT: o->is_left = 1; break;
    case RIGHT: o->is_left = 0; break;
    case SETW: o->width = m.value; break;
    case SETPRECISION: o->precision = m.value; break;
    case SETFILL: o->fill = m.value; break;
    }
    return o;
}

/* Input: cout is flushed first, to which cin is tied. */

static int cxx_is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int cxx_peek_word(struct __istream *i)
{
    int c;
    fflush(stdout);
    if (i->state)
        return EOF;
    while ((c = getc(stdin)) != EOF && cxx_is_space(c))
        ;
    if (c == EOF)
        i->state |= EOFBIT | FAILBIT;
    return c;
}

/* Characters of a number, as far as they go. */
static int cxx_number(struct __istream *i, char *text, int size, const char *allowed)
{
    int n = 0, c = cxx_peek_word(i);
    while (c != EOF && n < size - 1 && strchr(allowed, c) && c) {
        if ((c == '-' || c == '+') && n > 0 && text[n - 1] != 'e' && text[n - 1] != 'E')
            break;
        text[n++] = (char)c;
        c = getc(stdin);
    }
    if (c == EOF)
        i->state |= EOFBIT;
    else
        ungetc(c, stdin);
    text[n] = 0;
    return n;
}

struct __istream *__in_int(struct __istream *i, void *p, int size, int is_signed)
{
    char text[64], *end;
    if (i->state) { i->state |= FAILBIT; return i; }
    cxx_number(i, text, sizeof text, "+-0123456789");
    long long v = strtoll(text, &end, 10);
    if (end == text) {
        i->state |= FAILBIT;
        v = 0;
    }
    long long max = size == 8 ? 0x7fffffffffffffffLL : (1LL << (8 * size - (is_signed ? 1 : 0))) - 1;
    long long min = !is_signed ? -max - 1 : -max - 1;
    if (v > max) { v = max; i->state |= FAILBIT; }
    if (v < min) { v = min; i->state |= FAILBIT; }
    if (size == 8) *(long long *)p = v;
    else if (size == 4) *(int *)p = (int)v;
    else if (size == 2) *(short *)p = (short)v;
    else *(char *)p = (char)v;
    return i;
}

struct __istream *__in_double(struct __istream *i, double *p)
{
    char text[64], *end;
    if (i->state) { i->state |= FAILBIT; return i; }
    cxx_number(i, text, sizeof text, "+-0123456789.eE");
    *p = strtod(text, &end);
    if (end == text)
        i->state |= FAILBIT;
    return i;
}

struct __istream *__in_float(struct __istream *i, float *p)
{
    double v = 0;
    __in_double(i, &v);
    *p = (float)v;
    return i;
}

struct __istream *__in_char(struct __istream *i, char *p)
{
    int c = cxx_peek_word(i);
    if (c == EOF)
        i->state |= FAILBIT;
    else
        *p = (char)c;
    return i;
}

struct __cxx_string __string_make(const char *s, size_t n)
{
    struct __cxx_string result = { 0 };
    result.cap = n < 15 ? 15 : n;
    result.p = malloc(result.cap + 1);
    memcpy(result.p, s, n);
    result.p[n] = 0;
    result.len = n;
    return result;
}

struct __cxx_string __string_from(const char *s)
{
    return __string_make(s, strlen(s));
}

struct __cxx_string __string_fill(size_t n, int c)
{
    struct __cxx_string result = __string_make("", 0);
    while (n-- > 0)
        __string_append_char(&result, c);
    return result;
}

struct __cxx_string __string_copy(const struct __cxx_string *s)
{
    return __string_make(s->p, s->len);
}

static void cxx_reserve(struct __cxx_string *s, size_t n)
{
    if (n <= s->cap)
        return;
    s->cap = n < 2 * s->cap ? 2 * s->cap : n;
    s->p = realloc(s->p, s->cap + 1);
}

struct __cxx_string *__string_append(struct __cxx_string *s, const struct __cxx_string *t)
{
    size_t n = t->len;
    cxx_reserve(s, s->len + n);
    memmove(s->p + s->len, t->p, n);
    s->len += n;
    s->p[s->len] = 0;
    return s;
}

struct __cxx_string *__string_append_char(struct __cxx_string *s, int c)
{
    cxx_reserve(s, s->len + 1);
    s->p[s->len++] = (char)c;
    s->p[s->len] = 0;
    return s;
}

struct __cxx_string __string_concat(const struct __cxx_string *a, const struct __cxx_string *b)
{
    struct __cxx_string result = __string_copy(a);
    __string_append(&result, b);
    return result;
}

struct __cxx_string __string_substr(const struct __cxx_string *s, size_t at, size_t n)
{
    if (at > s->len) {
        fputs("terminate called after throwing an instance of 'std::out_of_range'\n", stderr);
        abort();
    }
    if (n > s->len - at)
        n = s->len - at;
    return __string_make(s->p + at, n);
}

int __string_compare(const struct __cxx_string *a, const struct __cxx_string *b)
{
    size_t n = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->p, b->p, n);
    if (order)
        return order;
    return a->len < b->len ? -1 : a->len > b->len;
}

char *__string_at(struct __cxx_string *s, size_t i)
{
    return s->p + i;
}

size_t __string_find(const struct __cxx_string *s, const struct __cxx_string *t, size_t from)
{
    for (size_t i = from; i + t->len <= s->len; i++)
        if (memcmp(s->p + i, t->p, t->len) == 0)
            return i;
    return (size_t)-1;
}

size_t __string_find_char(const struct __cxx_string *s, int c, size_t from)
{
    for (size_t i = from; i < s->len; i++)
        if (s->p[i] == (char)c)
            return i;
    return (size_t)-1;
}

void __string_clear(struct __cxx_string *s)
{
    s->len = 0;
    s->p[0] = 0;
}

void __string_pop(struct __cxx_string *s)
{
    if (s->len > 0)
        s->p[--s->len] = 0;
}

void __string_erase(struct __cxx_string *s, size_t at, size_t n)
{
    if (at > s->len)
        return;
    if (n > s->len - at)
        n = s->len - at;
    memmove(s->p + at, s->p + at + n, s->len - at - n);
    s->len -= n;
    s->p[s->len] = 0;
}

void __string_resize(struct __cxx_string *s, size_t n)
{
    while (s->len < n)
        __string_append_char(s, 0);
    s->len = n;
    s->p[n] = 0;
}

struct __istream *__in_string(struct __istream *i, struct __cxx_string *s)
{
    int c = cxx_peek_word(i);
    if (c == EOF) {
        i->state |= FAILBIT;
        return i;
    }
    __string_clear(s);
    while (c != EOF && !cxx_is_space(c)) {
        __string_append_char(s, c);
        c = getc(stdin);
    }
    if (c == EOF)
        i->state |= EOFBIT;
    else
        ungetc(c, stdin);
    return i;
}

struct __istream *__in_cstr(struct __istream *i, char *p, size_t size)
{
    size_t n = 0;
    int c = cxx_peek_word(i);
    if (c == EOF) {
        i->state |= FAILBIT;
        return i;
    }
    while (c != EOF && !cxx_is_space(c) && n + 1 < size) {
        p[n++] = (char)c;
        c = getc(stdin);
    }
    p[n] = 0;
    if (c == EOF)
        i->state |= EOFBIT;
    else
        ungetc(c, stdin);
    return i;
}

struct __istream *__in_getline(struct __istream *i, struct __cxx_string *s)
{
    int c;
    fflush(stdout);
    if (i->state) { i->state |= FAILBIT; return i; }
    __string_clear(s);
    while ((c = getc(stdin)) != EOF && c != '\n')
        __string_append_char(s, c);
    if (c == EOF)
        i->state |= s->len ? EOFBIT : EOFBIT | FAILBIT;
    return i;
}

struct __istream *__in_getline_buffer(struct __istream *i, char *p, size_t size)
{
    size_t n = 0;
    int c = EOF;
    fflush(stdout);
    if (i->state) { i->state |= FAILBIT; return i; }
    while (n + 1 < size && (c = getc(stdin)) != EOF && c != '\n')
        p[n++] = (char)c;
    p[n] = 0;
    if (c == EOF)
        i->state |= n ? EOFBIT : EOFBIT | FAILBIT;
    else if (c != '\n') {
        c = getc(stdin);
        if (c == EOF) i->state |= EOFBIT;
        else if (c != '\n') { ungetc(c, stdin); i->state |= FAILBIT; }
    }
    return i;
}

struct __istream *__in_ignore(struct __istream *i, size_t n, int until)
{
    int c = 0;
    fflush(stdout);
    while (!i->state && n-- > 0 && (c = getc(stdin)) != EOF && c != until)
        ;
    if (c == EOF)
        i->state |= EOFBIT;
    return i;
}

int __in_get(struct __istream *i)
{
    fflush(stdout);
    int c = i->state ? EOF : getc(stdin);
    if (c == EOF)
        i->state |= EOFBIT | FAILBIT;
    return c;
}

int __in_ok(struct __istream *i) { return !(i->state & FAILBIT); }
int __in_eof(struct __istream *i) { return (i->state & EOFBIT) != 0; }
int __in_fail(struct __istream *i) { return (i->state & FAILBIT) != 0; }
void __in_clear(struct __istream *i) { i->state = 0; clearerr(stdin); }

struct __cxx_string to_string(double v)
{
    char text[400];
    return __string_make(text, snprintf(text, sizeof text, "%f", v));
}

struct __cxx_string __to_string_int(long long v)
{
    char text[32];
    return __string_make(text, snprintf(text, sizeof text, "%lld", v));
}

struct __cxx_string __to_string_uint(unsigned long long v)
{
    char text[32];
    return __string_make(text, snprintf(text, sizeof text, "%llu", v));
}

static void cxx_no_number(const char *name)
{
    fprintf(stderr, "terminate called after throwing an instance of 'std::invalid_argument'\n"
                    "  what():  %s\n", name);
    abort();
}

int stoi(const struct __cxx_string *s)
{
    char *end;
    long v = strtol(s->p, &end, 10);
    if (end == s->p)
        cxx_no_number("stoi");
    return (int)v;
}

long stol(const struct __cxx_string *s)
{
    char *end;
    long v = strtol(s->p, &end, 10);
    if (end == s->p)
        cxx_no_number("stol");
    return v;
}

double stod(const struct __cxx_string *s)
{
    char *end;
    double v = strtod(s->p, &end);
    if (end == s->p)
        cxx_no_number("stod");
    return v;
}
