// Which instruction set's loops to run.

#include "internal.h"

#include <stdatomic.h>

static const ck_table *choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
        return &ck_table_avx512;
    }
    if (avx2) return &ck_table_avx2;
#endif
    return &ck_table_baseline;
}

const ck_table *ck_loops(void) {
    static _Atomic(const ck_table *) chosen;
    const ck_table *loops = atomic_load_explicit(&chosen, memory_order_acquire);
    if (loops == NULL) {
        loops = choose();
        atomic_store_explicit(&chosen, loops, memory_order_release);
    }
    return loops;
}

const char *ck_instruction_set(void) { return ck_loops()->name; }
