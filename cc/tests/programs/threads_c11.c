/* threads.h: threads, a mutex, a condition, what is called once.
 * expect:
 * once
 * 12: 6 8 10
 */
#include <stdio.h>
#include <threads.h>

static mtx_t lock;
static cnd_t changed;
static once_flag once = ONCE_FLAG_INIT;
static int total, done;

static void first(void) { puts("once"); }

static int add(void *arg)
{
    call_once(&once, first);
    mtx_lock(&lock);
    total += *(int *)arg;
    done++;
    cnd_signal(&changed);
    mtx_unlock(&lock);
    return *(int *)arg * 2;
}

int main(void)
{
    int numbers[3] = { 3, 4, 5 }, results[3];
    thrd_t threads[3];
    mtx_init(&lock, mtx_plain);
    cnd_init(&changed);
    for (int i = 0; i < 3; i++)
        if (thrd_create(&threads[i], add, &numbers[i]) != thrd_success)
            return 1;
    mtx_lock(&lock);
    while (done < 3)
        cnd_wait(&changed, &lock);
    mtx_unlock(&lock);
    for (int i = 0; i < 3; i++)
        thrd_join(threads[i], &results[i]);
    printf("%d: %d %d %d\n", total, results[0], results[1], results[2]);
    mtx_destroy(&lock);
    cnd_destroy(&changed);
    return 0;
}
