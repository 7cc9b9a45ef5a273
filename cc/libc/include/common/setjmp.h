/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _SETJMP_H
#define _SETJMP_H 1
struct __jmp_buf_tag { long __jmpbuf[8]; int __mask_was_saved; unsigned long __saved_mask[16]; };
typedef struct __jmp_buf_tag jmp_buf[1];
typedef struct __jmp_buf_tag sigjmp_buf[1];
int _setjmp(struct __jmp_buf_tag *env);
int __sigsetjmp(struct __jmp_buf_tag *env, int savemask);
void longjmp(struct __jmp_buf_tag *env, int val) __attribute__((noreturn));
void siglongjmp(struct __jmp_buf_tag *env, int val) __attribute__((noreturn));
#define setjmp(env) _setjmp(env)
#define sigsetjmp(env, savemask) __sigsetjmp(env, savemask)
#endif
