/* setjmp must return into the function that called it, so it is no function of libc's but an
   instruction of the machine; the mask of sigsetjmp is saved by one. */
#ifndef _SETJMP_H
#define _SETJMP_H 1
struct __jmp_buf_tag { long __jmpbuf[8]; int __mask_was_saved; unsigned long __saved_mask[16]; };
typedef struct __jmp_buf_tag jmp_buf[1];
typedef struct __jmp_buf_tag sigjmp_buf[1];
void longjmp(struct __jmp_buf_tag *env, int val) __attribute__((noreturn));
#define setjmp(env) __builtin_setjmp(env)
#define _setjmp(env) __builtin_setjmp(env)
#ifndef _WIN32
void __save_mask(struct __jmp_buf_tag *env, int savemask);
void siglongjmp(struct __jmp_buf_tag *env, int val) __attribute__((noreturn));
#define sigsetjmp(env, savemask) (__save_mask(env, savemask), __builtin_setjmp(env))
#endif
#endif
