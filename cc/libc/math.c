/* math.h: the functions themselves are Rust (`__libc_*`), the same on every platform. */

#define _GNU_SOURCE 1
#include <errno.h>
#include <limits.h>
#include <math.h>

int __isnan(double x) { return x != x; }
int __isinf(double x) { return x == INFINITY ? 1 : x == -INFINITY ? -1 : 0; }
int __finite(double x) { return x == x && x != INFINITY && x != -INFINITY; }
int __signbit(double x) { return (int)(__libc_double_bits(x) >> 63); }

int __fpclassify(double x) {
  unsigned long long bits = __libc_double_bits(x) << 1;
  if (bits == 0)
    return FP_ZERO;
  if (bits >> 53 == 0)
    return FP_SUBNORMAL;
  if (bits >> 53 == 0x7ff)
    return bits << 11 ? FP_NAN : FP_INFINITE;
  return FP_NORMAL;
}

double fabs(double x) { return __libc_bits_double(__libc_double_bits(x) << 1 >> 1); }
double copysign(double x, double y) { return __libc_bits_double((__libc_double_bits(x) << 1 >> 1) | (__libc_double_bits(y) >> 63 << 63)); }
double nan(const char *tagp) { (void)tagp; return NAN; }
double fdim(double x, double y) { return x != x || y != y ? NAN : x > y ? x - y : 0; }
double fma(double x, double y, double z) { return __libc_fma(x, y, z); }
double ldexp(double x, int exp) { return __libc_ldexp(x, exp); }
double scalbn(double x, int n) { return __libc_ldexp(x, n); }
double frexp(double x, int *exp) { return __libc_frexp(x, exp); }
double nearbyint(double x) { return __libc_rint(x); }
long lrint(double x) { return (long)__libc_rint(x); }
long long llrint(double x) { return (long long)__libc_rint(x); }
long lround(double x) { return (long)__libc_round(x); }
long long llround(double x) { return (long long)__libc_round(x); }

double modf(double x, double *iptr) {
  *iptr = __libc_trunc(x);
  return __isinf(x) ? copysign(0, x) : copysign(x - *iptr, x);
}

int ilogb(double x) {
  int exponent;
  if (x == 0)
    return INT_MIN;
  if (!__finite(x))
    return x != x ? INT_MIN : INT_MAX;
  __libc_frexp(x, &exponent);
  return exponent - 1;
}

double logb(double x) {
  if (x == 0)
    return -INFINITY;
  if (!__finite(x))
    return x * x;
  return ilogb(x);
}

/* Range and domain errors are told through errno, as glibc does. */
static double __checked(double result, int domain, int range) {
  if (domain)
    errno = EDOM;
  else if (range)
    errno = ERANGE;
  return result;
}

double acos(double x) { return __checked(__libc_acos(x), x > 1 || x < -1, 0); }
double asin(double x) { return __checked(__libc_asin(x), x > 1 || x < -1, 0); }
double atan(double x) { return __libc_atan(x); }
double cos(double x) { return __libc_cos(x); }
double sin(double x) { return __libc_sin(x); }
double tan(double x) { return __libc_tan(x); }
double cosh(double x) { return __libc_cosh(x); }
double sinh(double x) { return __libc_sinh(x); }
double tanh(double x) { return __libc_tanh(x); }
double acosh(double x) { return __libc_acosh(x); }
double asinh(double x) { return __libc_asinh(x); }
double atanh(double x) { return __libc_atanh(x); }
double exp(double x) { return __checked(__libc_exp(x), 0, __finite(x) && (x > 709.782712893384 || x < -745.1332191019411)); }
double exp2(double x) { return __libc_exp2(x); }
double expm1(double x) { return __libc_expm1(x); }
double log(double x) { return __checked(__libc_log(x), x < 0, x == 0); }
double log10(double x) { return __checked(__libc_log10(x), x < 0, x == 0); }
double log1p(double x) { return __libc_log1p(x); }
double log2(double x) { return __checked(__libc_log2(x), x < 0, x == 0); }
double cbrt(double x) { return __libc_cbrt(x); }
double sqrt(double x) { return __checked(__libc_sqrt(x), x < 0, 0); }
double ceil(double x) { return __libc_ceil(x); }
double floor(double x) { return __libc_floor(x); }
double rint(double x) { return __libc_rint(x); }
double round(double x) { return __libc_round(x); }
double trunc(double x) { return __libc_trunc(x); }

double pow(double x, double y) {
  double result = __libc_pow(x, y);
  int finite = __finite(x) && __finite(y);
  return __checked(result, finite && result != result, finite && (__isinf(result) || (result == 0 && x != 0)));
}

double erf(double x) { return __libc_erf(x); }
double erfc(double x) { return __libc_erfc(x); }
double tgamma(double x) { return __checked(__libc_tgamma(x), x < 0 && __libc_rint(x) == x, x == 0 || (x > 171.7 && __finite(x))); }

#ifndef _WIN32
int signgam;
double lgamma(double x) {
  signgam = x < 0 && __libc_floor(x) != x && __libc_fmod(__libc_floor(x), 2) != 0 ? -1 : 1;
  return __checked(__libc_lgamma(x), 0, x <= 0 && __libc_floor(x) == x);
}

double gamma(double x) { return lgamma(x); }
double j0(double x) { return __libc_j0(x); }
double j1(double x) { return __libc_j1(x); }
double jn(int n, double x) { return __libc_jn(n, x); }
double y0(double x) { return __libc_y0(x); }
double y1(double x) { return __libc_y1(x); }
double yn(int n, double x) { return __libc_yn(n, x); }
double exp10(double x) { return __libc_exp10(x); }
double drem(double x, double y) { return __libc_remainder(x, y); }
double scalb(double x, double n) { return x * __libc_exp2(n); }
double significand(double x) { return __finite(x) && x != 0 ? __libc_frexp(x, &(int){ 0 }) * 2 : x; }
double scalbln(double x, long n) { return __libc_ldexp(x, n > 9999 ? 9999 : n < -9999 ? -9999 : (int)n); }

double remquo(double x, double y, int *quo) {
  double rest = __libc_remainder(x, y);
  *quo = (int)__libc_fmod((x - rest) / y, 8);
  return rest;
}

void sincos(double x, double *sine, double *cosine) {
  *sine = __libc_sin(x);
  *cosine = __libc_cos(x);
}
#else
double lgamma(double x) { return __libc_lgamma(x); }
#endif

double fmod(double x, double y) { return __checked(__libc_fmod(x, y), y == 0 || __isinf(x), 0); }
double atan2(double x, double y) { return __libc_atan2(x, y); }
double hypot(double x, double y) { return __libc_hypot(x, y); }
double remainder(double x, double y) { return __libc_remainder(x, y); }
double nextafter(double x, double y) { return __libc_nextafter(x, y); }
double fmax(double x, double y) { return __libc_fmax(x, y); }
double fmin(double x, double y) { return __libc_fmin(x, y); }

float acosf(float x) { return (float)acos(x); }
float asinf(float x) { return (float)asin(x); }
float atanf(float x) { return (float)atan(x); }
float cosf(float x) { return (float)cos(x); }
float sinf(float x) { return (float)sin(x); }
float tanf(float x) { return (float)tan(x); }
float expf(float x) { return (float)exp(x); }
float logf(float x) { return (float)log(x); }
float log10f(float x) { return (float)log10(x); }
float log2f(float x) { return (float)log2(x); }
float fabsf(float x) { return (float)fabs(x); }
float sqrtf(float x) { return (float)sqrt(x); }
float ceilf(float x) { return (float)ceil(x); }
float floorf(float x) { return (float)floor(x); }
float roundf(float x) { return (float)round(x); }
float truncf(float x) { return (float)trunc(x); }
float atan2f(float x, float y) { return (float)atan2(x, y); }
float powf(float x, float y) { return (float)pow(x, y); }
float fmodf(float x, float y) { return (float)fmod(x, y); }
float fmaxf(float x, float y) { return (float)fmax(x, y); }
float fminf(float x, float y) { return (float)fmin(x, y); }
float hypotf(float x, float y) { return (float)hypot(x, y); }

#define OF_ONE(name) float name##f(float x) { return (float)name(x); }
#define OF_TWO(name) float name##f(float x, float y) { return (float)name(x, y); }
OF_ONE(cosh)
OF_ONE(sinh)
OF_ONE(tanh)
OF_ONE(acosh)
OF_ONE(asinh)
OF_ONE(atanh)
OF_ONE(exp2)
OF_ONE(expm1)
OF_ONE(log1p)
OF_ONE(logb)
OF_ONE(cbrt)
OF_ONE(rint)
OF_ONE(nearbyint)
OF_ONE(tgamma)
OF_ONE(lgamma)
OF_ONE(erf)
OF_ONE(erfc)
OF_TWO(remainder)
OF_TWO(copysign)
OF_TWO(nextafter)
OF_TWO(fdim)
float fmaf(float x, float y, float z) { return (float)__libc_fma(x, y, z); }
float ldexpf(float x, int exp) { return (float)__libc_ldexp(x, exp); }
float scalbnf(float x, int n) { return (float)__libc_ldexp(x, n); }
float frexpf(float x, int *exp) { return (float)__libc_frexp(x, exp); }
long lrintf(float x) { return lrint(x); }
long lroundf(float x) { return lround(x); }
long long llrintf(float x) { return llrint(x); }
long long llroundf(float x) { return llround(x); }
int ilogbf(float x) { return ilogb(x); }

float modff(float x, float *iptr) {
  double whole, rest = modf(x, &whole);
  *iptr = (float)whole;
  return (float)rest;
}

/* A long double is a double here. */
#define LONG_OF_ONE(name) long double name##l(long double x) { return name((double)x); }
#define LONG_OF_TWO(name) long double name##l(long double x, long double y) { return name((double)x, (double)y); }
LONG_OF_ONE(cosh)
LONG_OF_ONE(sinh)
LONG_OF_ONE(tanh)
LONG_OF_ONE(acosh)
LONG_OF_ONE(asinh)
LONG_OF_ONE(atanh)
LONG_OF_ONE(exp2)
LONG_OF_ONE(expm1)
LONG_OF_ONE(log1p)
LONG_OF_ONE(logb)
LONG_OF_ONE(cbrt)
LONG_OF_ONE(rint)
LONG_OF_ONE(nearbyint)
LONG_OF_ONE(tgamma)
LONG_OF_ONE(lgamma)
LONG_OF_ONE(erf)
LONG_OF_ONE(erfc)
LONG_OF_ONE(acos)
LONG_OF_ONE(asin)
LONG_OF_ONE(atan)
LONG_OF_ONE(cos)
LONG_OF_ONE(sin)
LONG_OF_ONE(tan)
LONG_OF_ONE(exp)
LONG_OF_ONE(log)
LONG_OF_ONE(log10)
LONG_OF_ONE(log2)
LONG_OF_ONE(fabs)
LONG_OF_ONE(sqrt)
LONG_OF_ONE(ceil)
LONG_OF_ONE(floor)
LONG_OF_ONE(round)
LONG_OF_ONE(trunc)
LONG_OF_TWO(remainder)
LONG_OF_TWO(copysign)
LONG_OF_TWO(nextafter)
LONG_OF_TWO(fdim)
LONG_OF_TWO(atan2)
LONG_OF_TWO(pow)
LONG_OF_TWO(fmod)
LONG_OF_TWO(fmax)
LONG_OF_TWO(fmin)
LONG_OF_TWO(hypot)
long double ldexpl(long double x, int exp) { return __libc_ldexp((double)x, exp); }
long double frexpl(long double x, int *exp) { return __libc_frexp((double)x, exp); }
long lroundl(long double x) { return lround((double)x); }
long lrintl(long double x) { return lrint((double)x); }
long long llroundl(long double x) { return llround((double)x); }

long double modfl(long double x, long double *iptr) {
  double whole, rest = modf((double)x, &whole);
  *iptr = whole;
  return rest;
}
