/* No include guard: assert.h may be included again with another NDEBUG, C11 7.2. */
#include <features.h>
#ifndef __ASSERT_DECLARED
#define __ASSERT_DECLARED
void __assert_fail(const char *assertion, const char *file, unsigned int line, const char *function) __attribute__((noreturn));
#endif
#undef assert
#ifdef NDEBUG
#define assert(expr) ((void)0)
#else
#define assert(expr) ((expr) ? (void)0 : __assert_fail(#expr, __FILE__, __LINE__, __func__))
#endif
#ifndef __cplusplus
#undef static_assert
#define static_assert _Static_assert
#endif
