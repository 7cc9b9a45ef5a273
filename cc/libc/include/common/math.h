#ifndef _MATH_H
#define _MATH_H 1
#include <features.h>
typedef float float_t;
typedef double double_t;
#define HUGE_VAL 1e5000
#define HUGE_VALF 1e5000f
#define INFINITY 1e5000f
#define NAN ((float)__builtin_nan(""))
#ifdef _WIN32
#define FP_NAN 0x0100
#define FP_NORMAL 0x0400
#define FP_INFINITE 0x0500
#define FP_ZERO 0x4000
#define FP_SUBNORMAL 0x4400
#else
#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
#endif
#define M_E 2.7182818284590452354
#define M_LOG2E 1.4426950408889634074
#define M_LOG10E 0.43429448190325182765
#define M_LN2 0.69314718055994530942
#define M_LN10 2.30258509299404568402
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.78539816339744830962
#define M_1_PI 0.31830988618379067154
#define M_2_PI 0.63661977236758134308
#define M_2_SQRTPI 1.12837916709551257390
#define M_SQRT2 1.41421356237309504880
#define M_SQRT1_2 0.70710678118654752440
double acos(double x);
double asin(double x);
double atan(double x);
double atan2(double y, double x);
double cos(double x);
double sin(double x);
double tan(double x);
double cosh(double x);
double sinh(double x);
double tanh(double x);
double acosh(double x);
double asinh(double x);
double atanh(double x);
double exp(double x);
double exp2(double x);
double expm1(double x);
double frexp(double x, int *exp);
double ldexp(double x, int exp);
double log(double x);
double log10(double x);
double log1p(double x);
double log2(double x);
double logb(double x);
int ilogb(double x);
double modf(double x, double *iptr);
double scalbn(double x, int n);
double cbrt(double x);
double fabs(double x);
double hypot(double x, double y);
double pow(double x, double y);
double sqrt(double x);
double ceil(double x);
double floor(double x);
double nearbyint(double x);
double rint(double x);
long lrint(double x);
long long llrint(double x);
double round(double x);
long lround(double x);
long long llround(double x);
double trunc(double x);
double fmod(double x, double y);
double remainder(double x, double y);
double copysign(double x, double y);
double nan(const char *tagp);
double nextafter(double x, double y);
double fdim(double x, double y);
double fmax(double x, double y);
double fmin(double x, double y);
double fma(double x, double y, double z);
float acosf(float x);
float asinf(float x);
float atanf(float x);
float atan2f(float y, float x);
float cosf(float x);
float sinf(float x);
float tanf(float x);
float expf(float x);
float logf(float x);
float log10f(float x);
float log2f(float x);
float fabsf(float x);
float powf(float x, float y);
float sqrtf(float x);
float ceilf(float x);
float floorf(float x);
float roundf(float x);
float truncf(float x);
float fmodf(float x, float y);
float fmaxf(float x, float y);
float fminf(float x, float y);
float hypotf(float x, float y);
int __isnan(double x);
int __isinf(double x);
int __finite(double x);
int __signbit(double x);
int __fpclassify(double x);
#define isnan(x) __isnan((double)(x))
#define isinf(x) __isinf((double)(x))
#define isfinite(x) __finite((double)(x))
#define signbit(x) __signbit((double)(x))
#define isnormal(x) (__fpclassify((double)(x)) == FP_NORMAL)
#define fpclassify(x) __fpclassify((double)(x))
#define isgreater(x, y) ((x) > (y))
#define isgreaterequal(x, y) ((x) >= (y))
#define isless(x, y) ((x) < (y))
#define islessequal(x, y) ((x) <= (y))
double tgamma(double x);
double lgamma(double x);
double erf(double x);
double erfc(double x);
#ifndef _WIN32
double j0(double x);
double j1(double x);
double y0(double x);
double y1(double x);
double gamma(double x);
double jn(int n, double x);
double yn(int n, double x);
double drem(double x, double y);
double scalb(double x, double n);
double significand(double x);
double scalbln(double x, long n);
double remquo(double x, double y, int *quo);
#define MAXFLOAT 3.40282347e+38F
extern int signgam;
#ifdef _GNU_SOURCE
double exp10(double x);
void sincos(double x, double *sin, double *cos);
#endif
#endif
float coshf(float x);
float sinhf(float x);
float tanhf(float x);
float acoshf(float x);
float asinhf(float x);
float atanhf(float x);
float exp2f(float x);
float expm1f(float x);
float log1pf(float x);
float logbf(float x);
float cbrtf(float x);
float rintf(float x);
float nearbyintf(float x);
float tgammaf(float x);
float lgammaf(float x);
float erff(float x);
float erfcf(float x);
float remainderf(float x, float y);
float copysignf(float x, float y);
float nextafterf(float x, float y);
float fdimf(float x, float y);
float fmaf(float x, float y, float z);
float ldexpf(float x, int exp);
float scalbnf(float x, int n);
float frexpf(float x, int *exp);
float modff(float x, float *iptr);
long lrintf(float x);
long lroundf(float x);
long long llrintf(float x);
long long llroundf(float x);
int ilogbf(float x);
long double coshl(long double x);
long double sinhl(long double x);
long double tanhl(long double x);
long double acoshl(long double x);
long double asinhl(long double x);
long double atanhl(long double x);
long double exp2l(long double x);
long double expm1l(long double x);
long double log1pl(long double x);
long double logbl(long double x);
long double cbrtl(long double x);
long double rintl(long double x);
long double nearbyintl(long double x);
long double tgammal(long double x);
long double lgammal(long double x);
long double erfl(long double x);
long double erfcl(long double x);
long double acosl(long double x);
long double asinl(long double x);
long double atanl(long double x);
long double cosl(long double x);
long double sinl(long double x);
long double tanl(long double x);
long double expl(long double x);
long double logl(long double x);
long double log10l(long double x);
long double log2l(long double x);
long double fabsl(long double x);
long double sqrtl(long double x);
long double ceill(long double x);
long double floorl(long double x);
long double roundl(long double x);
long double truncl(long double x);
long double remainderl(long double x, long double y);
long double copysignl(long double x, long double y);
long double nextafterl(long double x, long double y);
long double fdiml(long double x, long double y);
long double atan2l(long double x, long double y);
long double powl(long double x, long double y);
long double fmodl(long double x, long double y);
long double fmaxl(long double x, long double y);
long double fminl(long double x, long double y);
long double hypotl(long double x, long double y);
long double ldexpl(long double x, int exp);
long double frexpl(long double x, int *exp);
long double modfl(long double x, long double *iptr);
long lroundl(long double x);
long lrintl(long double x);
long long llroundl(long double x);
#endif
