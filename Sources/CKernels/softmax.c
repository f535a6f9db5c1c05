// Softmax over the middle axis of [outer, axis, inner].

#include "internal.h"

typedef struct {
    const ck_table *loops;
    const float *x;
    float *y;
    int64_t axis, inner, tile, tiles;
    bool logarithm;
} job;

static void run_rows(void *context, int64_t first, int64_t last) {
    const job *job = context;
    int64_t offset = first * job->axis;
    job->loops->softmax_rows(
        job->x + offset, job->y + offset, last - first, job->axis, job->logarithm);
}

// One item is a tile of neighbouring columns.
static void run_columns(void *context, int64_t first, int64_t last) {
    const job *job = context;
    for (int64_t item = first; item < last; item++) {
        int64_t column = item % job->tiles * job->tile;
        int64_t offset = item / job->tiles * job->axis * job->inner + column;
        job->loops->softmax_columns(
            job->x + offset, job->y + offset, job->axis, job->inner,
            ck_min(job->tile, job->inner - column), job->logarithm);
    }
}

void ck_softmax_f32(
    const float *x, float *y, int64_t outer, int64_t axis, int64_t inner, bool logarithm) {
    if (outer == 0 || axis == 0 || inner == 0) return;
    job job = {ck_loops(), x, y, axis, inner, 256, (inner + 255) / 256, logarithm};
    double work = 30 * (double)outer * (double)axis * (double)inner;
    if (inner == 1) {
        ck_parallel_for(outer, work, run_rows, &job);
    } else {
        ck_parallel_for(outer * job.tiles, work, run_columns, &job);
    }
}
