// The thread pool is not ours: kernels run on the pool that the caller names, usually the OpenMP
// pool that oneDNN already keeps warm. A second pool would fight it for the cores.

#include "internal.h"

#include <stdatomic.h>

enum {
    MAX_PIECES = 64,
    // A thread that falls behind, because the machine does something else on its processor, gives away
    // what it has not begun.
    PIECES_PER_THREAD = 6,
};

// Below this much work a thread's wake-up costs more than it brings.
static const double work_per_thread = 200000;
// A piece with less is not worth being taken by another thread.
static const double work_per_piece = 150000;

static _Atomic(ck_parallel_entry) pool_entry;
static _Atomic(ck_thread_number_entry) pool_thread_number;
static _Atomic int pool_threads = 1;

void ck_use_pool(ck_parallel_entry entry, ck_thread_number_entry thread_number, int threads) {
    atomic_store(&pool_entry, entry);
    atomic_store(&pool_thread_number, thread_number);
    atomic_store(&pool_threads, entry == NULL || threads < 1 ? 1 : threads);
}

static _Atomic(ck_thread_setter) pool_setter;
static _Thread_local int thread_limit = MAX_PIECES;

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

int ck_allowed_threads(void) {
    return (int)ck_min(atomic_load_explicit(&pool_threads, memory_order_relaxed), thread_limit);
}

static void flush_thread(void *unused) {
    (void)unused;
    ck_flush_subnormals();
}

void ck_flush_pool_subnormals(void) {
    ck_parallel_entry entry = atomic_load(&pool_entry);
    if (entry == NULL) return;
    uint32_t mode = ck_float_mode();
    entry(flush_thread, NULL, (unsigned)ck_thread_count(), 0);
    ck_restore_float_mode(mode);
}

// Within the team that runs a body: 0 outside of one, whatever region of the pool's owner this is.
static _Thread_local int number_in_team;

int ck_thread_number(void) { return number_in_team; }

typedef struct {
    ck_body body;
    void *context;
    int64_t items;
    int threads, pieces;
    uint32_t float_mode;        // of the caller
    _Atomic uint64_t claimed;   // one bit per piece
    _Atomic int arrived;        // threads so far, where the pool has no numbers
} ck_team;

static void run_piece(ck_team *team, int piece) {
    uint64_t bit = (uint64_t)1 << piece;
    if (atomic_load_explicit(&team->claimed, memory_order_relaxed) & bit) return;
    if (atomic_fetch_or(&team->claimed, bit) & bit) return;
    int64_t begin = team->items * piece / team->pieces;
    int64_t end = team->items * (piece + 1) / team->pieces;
    if (begin < end) team->body(team->context, begin, end);
}

// Every thread takes its own pieces from the front, so that it meets the data it had in its cache
// before, then what others have left, from the back: whoever is held up finds less to do, and a pool
// that runs fewer threads than asked for still does everything.
static void run_pieces(void *argument) {
    ck_team *team = argument;
    ck_thread_number_entry number =
        atomic_load_explicit(&pool_thread_number, memory_order_relaxed);
    int found = number != NULL ? number() : atomic_fetch_add(&team->arrived, 1);
    int thread = (found < 0 ? 0 : found) % team->threads, before = number_in_team;
    uint32_t mode = ck_float_mode();
    ck_restore_float_mode(team->float_mode);
    number_in_team = thread;
    int first = team->pieces * thread / team->threads;
    int end = team->pieces * (thread + 1) / team->threads;
    for (int piece = first; piece < end; piece++) run_piece(team, piece);
    for (int step = 1; step <= team->pieces - (end - first); step++) {
        run_piece(team, (first - step + team->pieces) % team->pieces);
    }
    ck_restore_float_mode(mode);
    number_in_team = before;
}

void ck_parallel_for(int64_t items, double work, ck_body body, void *context) {
    ck_parallel_for_at_most(MAX_PIECES, items, work, body, context);
}

void ck_parallel_for_at_most(
    int64_t most, int64_t items, double work, ck_body body, void *context) {
    if (items <= 0) return;
    ck_parallel_entry entry = atomic_load_explicit(&pool_entry, memory_order_relaxed);
    int64_t threads = atomic_load_explicit(&pool_threads, memory_order_relaxed);
    threads = ck_min(ck_min(ck_min(threads, thread_limit), ck_min(most, MAX_PIECES)), items);
    if (work < work_per_thread * (double)threads) threads = (int64_t)(work / work_per_thread);
    if (entry == NULL || threads < 2) {
        int before = number_in_team;
        number_in_team = 0;
        body(context, 0, items);
        number_in_team = before;
        return;
    }
    int64_t pieces = ck_min(ck_min(threads * PIECES_PER_THREAD, MAX_PIECES), items);
    if (work < work_per_piece * (double)pieces) pieces = (int64_t)(work / work_per_piece);
    pieces = ck_max(pieces, threads);
    ck_team team = {
        .body = body, .context = context, .items = items, .threads = (int)threads,
        .pieces = (int)pieces, .float_mode = ck_float_mode()};
    entry(run_pieces, &team, (unsigned)threads, 0);
}
