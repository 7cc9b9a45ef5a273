/* Where a process and a thread begin. */

int __syscall_exit_group(int status);
int __syscall_thread_exit(void *value);

void exit(int status)
{
    __syscall_exit_group(status);
}

void __libc_start(int (*entry)(int, char **, char **), int argc, char **argv, char **envp)
{
    exit(entry(argc, argv, envp));
}

void __thread_start(void *(*entry)(void *), void *arg)
{
    __syscall_thread_exit(entry(arg));
}
