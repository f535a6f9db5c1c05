// Which instruction set's loops to run: the widest that the processor has, or what a test asks for.

#include "internal.h"

#include <stdatomic.h>
#include <string.h>

// The sets from wide to narrow, and whether the processor has them.
typedef struct {
    const ck_table *loops;
    bool available;
} candidate;

enum { CANDIDATES = 3 };

static void list(candidate sets[CANDIDATES]) {
    memset(sets, 0, CANDIDATES * sizeof(candidate));
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    sets[0] = (candidate){&ck_table_avx512, avx512};
    sets[1] = (candidate){&ck_table_avx2, avx2};
#endif
    sets[2] = (candidate){&ck_table_baseline, true};
}

// NULL for the best set.
static _Thread_local const ck_table *wanted;

bool ck_use_instruction_set(const char *name) {
    candidate sets[CANDIDATES];
    wanted = NULL;
    if (name == NULL) return true;
    list(sets);
    for (int i = 0; i < CANDIDATES; i++) {
        if (sets[i].available && strcmp(sets[i].loops->name, name) == 0) wanted = sets[i].loops;
    }
    return wanted != NULL;
}

const ck_table *ck_loops(void) {
    if (wanted != NULL) return wanted;
    static _Atomic(const ck_table *) best;
    const ck_table *loops = atomic_load_explicit(&best, memory_order_acquire);
    if (loops == NULL) {
        candidate sets[CANDIDATES];
        list(sets);
        for (int i = CANDIDATES - 1; i >= 0; i--) {
            if (sets[i].available) loops = sets[i].loops;
        }
        atomic_store_explicit(&best, loops, memory_order_release);
    }
    return loops;
}

const char *ck_instruction_set(void) { return ck_loops()->name; }

int ck_lane_count(void) { return (int)ck_loops()->lane_count; }
