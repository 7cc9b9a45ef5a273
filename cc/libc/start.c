/* Where a process and a thread begin and end: __libc_start, exit(3), atexit(3). */

#define _GNU_SOURCE 1
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

int __syscall_exit_group(int status);
int __syscall_thread_exit(void *value);
void __stdio_exit(void);
void __thread_exit_hooks(void);

char **environ;
char **__environ;
char *program_invocation_name = "";
char *program_invocation_short_name = "";

/* atexit(3) and on_exit(3): called in reverse order. A function may register more. */
struct __exit_function {
  void (*plain)(void);
  void (*with_status)(int, void *);
  void *arg;
};
static struct __exit_function *__exit_functions;
static int __exit_count;
static int __exit_room;
static int __exiting;

static struct __exit_function *__exit_slot(void) {
  if (__exit_count == __exit_room) {
    int room = __exit_room ? 2 * __exit_room : 32;
    struct __exit_function *bigger = malloc(room * sizeof *bigger);
    if (!bigger)
      return NULL;
    for (int i = 0; i < __exit_count; i++)
      bigger[i] = __exit_functions[i];
    free(__exit_functions);
    __exit_functions = bigger;
    __exit_room = room;
  }
  return &__exit_functions[__exit_count++];
}

int atexit(void (*function)(void)) {
  struct __exit_function *slot = __exit_slot();
  if (!slot)
    return -1;
  slot->plain = function;
  slot->with_status = NULL;
  slot->arg = NULL;
  return 0;
}

int on_exit(void (*function)(int, void *), void *arg) {
  struct __exit_function *slot = __exit_slot();
  if (!slot)
    return -1;
  slot->plain = NULL;
  slot->with_status = function;
  slot->arg = arg;
  return 0;
}

void exit(int status) {
  while (__exit_count > 0) {
    struct __exit_function last = __exit_functions[--__exit_count];
    if (last.plain)
      last.plain();
    else
      last.with_status(status, last.arg);
  }
  if (!__exiting) {
    __exiting = 1;
    __stdio_exit();
  }
  for (;;)
    __syscall_exit_group(status);
}

void _Exit(int status) {
  for (;;)
    __syscall_exit_group(status);
}

void _exit(int status) {
  for (;;)
    __syscall_exit_group(status);
}

static void (*__quick_functions[32])(void);
static int __quick_count;

int at_quick_exit(void (*function)(void)) {
  if (__quick_count == 32)
    return -1;
  __quick_functions[__quick_count++] = function;
  return 0;
}

void quick_exit(int status) {
  while (__quick_count > 0)
    __quick_functions[--__quick_count]();
  _exit(status);
}

void __libc_start(int (*entry)(int, char **, char **), int argc, char **argv, char **envp) {
  environ = envp;
  __environ = envp;
  if (argc > 0 && argv[0]) {
    program_invocation_name = argv[0];
    program_invocation_short_name = argv[0];
    for (char *p = argv[0]; *p; p++)
      if (*p == '/')
        program_invocation_short_name = p + 1;
  }
  exit(entry(argc, argv, envp));
}

void __thread_start(void *(*entry)(void *), void *arg) {
  void *value = entry(arg);
  __thread_exit_hooks();
  __syscall_thread_exit(value);
}
