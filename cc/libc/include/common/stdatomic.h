#ifndef _STDATOMIC_H
#define _STDATOMIC_H 1
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef enum { memory_order_relaxed, memory_order_consume, memory_order_acquire, memory_order_release, memory_order_acq_rel, memory_order_seq_cst } memory_order;
typedef _Atomic _Bool atomic_bool;
typedef _Atomic char atomic_char;
typedef _Atomic signed char atomic_schar;
typedef _Atomic unsigned char atomic_uchar;
typedef _Atomic short atomic_short;
typedef _Atomic unsigned short atomic_ushort;
typedef _Atomic int atomic_int;
typedef _Atomic unsigned int atomic_uint;
typedef _Atomic long atomic_long;
typedef _Atomic unsigned long atomic_ulong;
typedef _Atomic long long atomic_llong;
typedef _Atomic unsigned long long atomic_ullong;
typedef _Atomic size_t atomic_size_t;
typedef _Atomic intptr_t atomic_intptr_t;
typedef _Atomic uintptr_t atomic_uintptr_t;
typedef struct {
  _Bool __val;
} atomic_flag;
#define ATOMIC_FLAG_INIT { 0 }
#define ATOMIC_VAR_INIT(value) (value)
#define atomic_init(object, value) ((void)(*(object) = (value)))
#define atomic_load(object) __atomic_load_n(object, 5)
#define atomic_load_explicit(object, order) __atomic_load_n(object, order)
#define atomic_store(object, desired) __atomic_store_n(object, desired, 5)
#define atomic_store_explicit(object, desired, order) __atomic_store_n(object, desired, order)
#define atomic_exchange(object, desired) __atomic_exchange_n(object, desired, 5)
#define atomic_exchange_explicit(object, desired, order) __atomic_exchange_n(object, desired, order)
#define atomic_compare_exchange_strong(object, expected, desired) __atomic_compare_exchange_n(object, expected, desired, 0, 5, 5)
#define atomic_compare_exchange_weak(object, expected, desired) __atomic_compare_exchange_n(object, expected, desired, 1, 5, 5)
#define atomic_compare_exchange_strong_explicit(object, expected, desired, success, failure) __atomic_compare_exchange_n(object, expected, desired, 0, success, failure)
#define atomic_compare_exchange_weak_explicit(object, expected, desired, success, failure) __atomic_compare_exchange_n(object, expected, desired, 1, success, failure)
#define atomic_fetch_add(object, operand) __atomic_fetch_add(object, operand, 5)
#define atomic_fetch_add_explicit(object, operand, order) __atomic_fetch_add(object, operand, order)
#define atomic_fetch_sub(object, operand) __atomic_fetch_sub(object, operand, 5)
#define atomic_fetch_sub_explicit(object, operand, order) __atomic_fetch_sub(object, operand, order)
#define atomic_fetch_or(object, operand) __atomic_fetch_or(object, operand, 5)
#define atomic_fetch_xor(object, operand) __atomic_fetch_xor(object, operand, 5)
#define atomic_fetch_and(object, operand) __atomic_fetch_and(object, operand, 5)
#define atomic_flag_test_and_set(object) __atomic_test_and_set(&(object)->__val, 5)
#define atomic_flag_test_and_set_explicit(object, order) __atomic_test_and_set(&(object)->__val, order)
#define atomic_flag_clear(object) __atomic_clear(&(object)->__val, 5)
#define atomic_flag_clear_explicit(object, order) __atomic_clear(&(object)->__val, order)
#define atomic_thread_fence(order) __atomic_thread_fence(order)
#define atomic_signal_fence(order) __atomic_signal_fence(order)
#define atomic_is_lock_free(object) 1
#define kill_dependency(y) (y)
#endif
