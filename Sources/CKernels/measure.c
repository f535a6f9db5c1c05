// What the machine can do: arithmetic on registers, and memory.

#include "internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

typedef struct {
    const ck_table *loops;
    double seconds;
    float *from, *to;
    // Operations, in thousands.
    _Atomic int64_t operations;
    _Atomic int64_t sink;
} run;

// Work enough for any number of threads.
static const double everything = 1e18;

static void compute(void *context, int64_t first, int64_t last) {
    run *here = context;
    (void)first;
    (void)last;
    double begin = now(), count = 0;
    do {
        float result;
        count += here->loops->arithmetic(20000, &result);
        atomic_fetch_add(&here->sink, (int64_t)result);
    } while (now() - begin < here->seconds);
    atomic_fetch_add(&here->operations, (int64_t)(count / 1000));
}

double ck_measure_arithmetic(double seconds) {
    run here = {.loops = ck_loops(), .seconds = seconds / 4};
    double best = 0;
    for (int attempt = 0; attempt < 4; attempt++) {
        here.operations = 0;
        double begin = now();
        ck_parallel_for(ck_thread_count(), everything, compute, &here);
        double rate = 1e3 * (double)here.operations / (now() - begin) / 1e9;
        if (rate > best) best = rate;
    }
    return best;
}

static void add(void *context, int64_t first, int64_t last) {
    run *here = context;
    here->loops->operations[CK_CLASS_F32][CK_ADD](
        here->to + first, here->to + first, here->from + first, NULL, 0, last - first);
}

double ck_measure_bandwidth(int64_t bytes, double seconds) {
    int64_t count = bytes / 4;
    run here = {.loops = ck_loops()};
    // Memory that was never written has no pages of its own.
    here.from = malloc((size_t)count * 4);
    here.to = malloc((size_t)count * 4);
    if (here.from != NULL) memset(here.from, 0, (size_t)count * 4);
    if (here.to != NULL) memset(here.to, 0, (size_t)count * 4);
    double best = 0, begin = now();
    while (here.from != NULL && here.to != NULL && now() - begin < seconds) {
        double start = now();
        ck_parallel_for(count, everything, add, &here);
        double rate = 12 * (double)count / (now() - start) / 1e9;
        if (rate > best) best = rate;
    }
    free(here.from);
    free(here.to);
    return best;
}
