// Walks along the middle axis of [outer, axis, inner]: the place of the extreme, running sums.
// `CK_FOR_TYPES` makes one function per element type.

#include "internal.h"

#define CK_FOR_TYPES(each) \
    each(f32, float, double) each(f64, double, double) each(i32, int32_t, uint32_t) \
    each(i64, int64_t, uint64_t) each(u8, uint8_t, uint8_t) each(bool, uint8_t, uint8_t)

enum { TILE = 256 };

typedef struct {
    const void *x;
    void *y;
    int64_t axis, inner, tiles;
    bool flag;  // maximum, or reverse
} job;

// ---------------------------------------------------------------------------------------------
// The first extreme. NaN wins, as in max and min; several columns go side by side.

#define BETTER(maximum, a, b) \
    (((maximum ? (a) > (b) : (a) < (b)) | ((a) != (a))) & ((b) == (b)))

#define DEFINE_ARG_REDUCE(type, T, unused) \
    static inline void arg_reduce_tile_##type( \
        const T *x, int64_t *y, int64_t axis, int64_t inner, int64_t count, bool maximum) { \
        T best[TILE]; \
        for (int64_t i = 0; i < count; i++) { \
            best[i] = x[i]; \
            y[i] = 0; \
        } \
        for (int64_t k = 1; k < axis; k++) { \
            const T *row = x + k * inner; \
            for (int64_t i = 0; i < count; i++) { \
                bool better = BETTER(maximum, row[i], best[i]); \
                best[i] = better ? row[i] : best[i]; \
                y[i] = better ? k : y[i]; \
            } \
        } \
    } \
    static void arg_reduce_##type(void *context, int64_t first, int64_t last) { \
        const job *job = context; \
        for (int64_t item = first; item < last; item++) { \
            int64_t outer = item / job->tiles, column = item % job->tiles * TILE; \
            const T *x = (const T *)job->x + outer * job->axis * job->inner + column; \
            int64_t *y = (int64_t *)job->y + outer * job->inner + column; \
            int64_t count = ck_min(TILE, job->inner - column); \
            if (count == 1) { \
                arg_reduce_tile_##type(x, y, job->axis, job->inner, 1, job->flag); \
            } else { \
                arg_reduce_tile_##type(x, y, job->axis, job->inner, count, job->flag); \
            } \
        } \
    }
CK_FOR_TYPES(DEFINE_ARG_REDUCE)

// ---------------------------------------------------------------------------------------------
// Running sums: floats in double precision, integers wrap, truth values saturate.

#define DEFINE_CUMULATIVE_SUM(type, T, A) \
    static void cumulative_sum_##type(void *context, int64_t first, int64_t last) { \
        const job *job = context; \
        for (int64_t item = first; item < last; item++) { \
            int64_t outer = item / job->tiles, column = item % job->tiles * TILE; \
            int64_t origin = outer * job->axis * job->inner + column; \
            const T *x = (const T *)job->x + origin; \
            T *y = (T *)job->y + origin; \
            int64_t count = ck_min(TILE, job->inner - column); \
            A sum[TILE] = {0}; \
            for (int64_t step = 0; step < job->axis; step++) { \
                int64_t k = job->flag ? job->axis - 1 - step : step; \
                for (int64_t i = 0; i < count; i++) { \
                    sum[i] = CK_ADD_##type(sum[i], (A)x[k * job->inner + i]); \
                    y[k * job->inner + i] = (T)sum[i]; \
                } \
            } \
        } \
    }
#define CK_ADD_f32(a, b) ((a) + (b))
#define CK_ADD_f64(a, b) ((a) + (b))
#define CK_ADD_i32(a, b) ((a) + (b))
#define CK_ADD_i64(a, b) ((a) + (b))
#define CK_ADD_u8(a, b) (uint8_t)((a) + (b))
#define CK_ADD_bool(a, b) (uint8_t)((a) | (b))
CK_FOR_TYPES(DEFINE_CUMULATIVE_SUM)

#define ARG_REDUCE_ENTRY(type, T, A) arg_reduce_##type,
#define CUMULATIVE_SUM_ENTRY(type, T, A) cumulative_sum_##type,
static const ck_body arg_reduce[CK_TYPE_COUNT] = {CK_FOR_TYPES(ARG_REDUCE_ENTRY)};
static const ck_body cumulative_sum[CK_TYPE_COUNT] = {CK_FOR_TYPES(CUMULATIVE_SUM_ENTRY)};

void ck_arg_reduce(
    int dtype, bool maximum, const void *x, int64_t *y, int64_t outer, int64_t axis,
    int64_t inner) {
    if (outer == 0 || axis == 0 || inner == 0) return;
    job job = {x, y, axis, inner, (inner + TILE - 1) / TILE, maximum};
    double work = 8 * (double)outer * (double)axis * (double)inner;
    ck_parallel_for(outer * job.tiles, work, arg_reduce[dtype], &job);
}

void ck_cumulative_sum(
    int dtype, bool reverse, const void *x, void *y, int64_t outer, int64_t axis, int64_t inner) {
    if (outer == 0 || axis == 0 || inner == 0) return;
    job job = {x, y, axis, inner, (inner + TILE - 1) / TILE, reverse};
    double work = 16 * (double)outer * (double)axis * (double)inner;
    ck_parallel_for(outer * job.tiles, work, cumulative_sum[dtype], &job);
}
