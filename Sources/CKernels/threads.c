// The thread pool is not ours: kernels run on the pool that the caller names, usually the OpenMP
// pool that oneDNN already keeps warm. A second pool would fight it for the cores.

#include "internal.h"

#include <stdatomic.h>

enum { MAX_PARTS = 64 };

// Below this much work a thread's wake-up costs more than it brings.
static const double work_per_thread = 200000;

static _Atomic(ck_parallel_entry) pool_entry;
static _Atomic(ck_thread_number) pool_thread_number;
static _Atomic int pool_threads = 1;

void ck_use_pool(ck_parallel_entry entry, ck_thread_number thread_number, int threads) {
    atomic_store(&pool_entry, entry);
    atomic_store(&pool_thread_number, thread_number);
    atomic_store(&pool_threads, entry == NULL || threads < 1 ? 1 : threads);
}

static _Atomic(ck_thread_setter) pool_setter;
static _Thread_local int thread_limit = MAX_PARTS;

void ck_use_thread_setter(ck_thread_setter setter) { atomic_store(&pool_setter, setter); }

void ck_limit_threads(int threads) {
    int all = atomic_load_explicit(&pool_threads, memory_order_relaxed);
    int allowed = threads < 1 || threads > all ? all : threads;
    if (allowed == thread_limit) return;
    thread_limit = allowed;
    ck_thread_setter setter = atomic_load_explicit(&pool_setter, memory_order_relaxed);
    if (setter != NULL) setter(allowed);
}

int ck_thread_count(void) { return atomic_load(&pool_threads); }

typedef struct {
    ck_body body;
    void *context;
    int64_t items;
    int parts;
    _Atomic uint64_t claimed;   // one bit per part
} ck_team;

// Every thread takes the part with its own number first, so that it meets the data it had in its
// cache before, then whatever is left: a pool that runs fewer threads than asked for still does all
// parts.
static void run_parts(void *argument) {
    ck_team *team = argument;
    ck_thread_number number = atomic_load_explicit(&pool_thread_number, memory_order_relaxed);
    int first = number == NULL ? 0 : number();
    if (first < 0) first = 0;
    for (int step = 0; step < team->parts; step++) {
        int part = (first + step) % team->parts;
        uint64_t bit = (uint64_t)1 << part;
        if (atomic_fetch_or(&team->claimed, bit) & bit) continue;
        int64_t begin = team->items * part / team->parts;
        int64_t end = team->items * (part + 1) / team->parts;
        if (begin < end) team->body(team->context, begin, end);
    }
}

void ck_parallel_for(int64_t items, double work, ck_body body, void *context) {
    if (items <= 0) return;
    ck_parallel_entry entry = atomic_load_explicit(&pool_entry, memory_order_relaxed);
    int64_t parts = atomic_load_explicit(&pool_threads, memory_order_relaxed);
    parts = ck_min(ck_min(ck_min(parts, thread_limit), MAX_PARTS), items);
    if (work < work_per_thread * (double)parts) parts = (int64_t)(work / work_per_thread);
    if (entry == NULL || parts < 2) {
        body(context, 0, items);
        return;
    }
    ck_team team = {body, context, items, (int)parts, 0};
    entry(run_parts, &team, (unsigned)parts, 0);
}
