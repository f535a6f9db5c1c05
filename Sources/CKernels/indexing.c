// Gathers, scatters and one-hot rows over [outer, axis, inner]. Gathers move bytes and do not care
// for the element type; scatters add in the order of the indices, so results are always the same.

#include "internal.h"

#include <string.h>

typedef struct {
    int dtype, index_dtype;
    const char *x;
    char *y;
    const void *indices;
    int64_t axis, inner, index_count, size;
    int64_t tile, tiles;
} job;

static inline int64_t index_at(int dtype, const void *indices, int64_t place) {
    switch (dtype) {
    case CK_I32: return ((const int32_t *)indices)[place];
    case CK_I64: return ((const int64_t *)indices)[place];
    case CK_U8: case CK_BOOL: return ((const uint8_t *)indices)[place];
    case CK_F32: return (int64_t)((const float *)indices)[place];
    default: return (int64_t)((const double *)indices)[place];
    }
}

// One item is one row of `inner` elements of the result.
static void gather_rows(void *context, int64_t first, int64_t last) {
    const job *job = context;
    int64_t bytes = job->inner * job->size;
    for (int64_t item = first; item < last; item++) {
        int64_t outer = item / job->index_count;
        int64_t index = index_at(job->index_dtype, job->indices, item % job->index_count);
        char *y = job->y + item * bytes;
        if (index < 0 || index >= job->axis) {
            memset(y, 0, (size_t)bytes);
        } else {
            memcpy(y, job->x + (outer * job->axis + index) * bytes, (size_t)bytes);
        }
    }
}

void ck_gather(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count) {
    job job = {
        .dtype = dtype, .index_dtype = index_dtype, .x = x, .y = y, .indices = indices,
        .axis = axis, .inner = inner, .index_count = index_count, .size = ck_type_size(dtype)};
    double rows = (double)outer * (double)index_count;
    ck_parallel_for(
        outer * index_count, rows * (40 + (double)(inner * job.size) / 2), gather_rows, &job);
}

// One item is one row of `inner` elements of the result.
static void gather_along_rows(void *context, int64_t first, int64_t last) {
    const job *job = context;
    for (int64_t item = first; item < last; item++) {
        int64_t origin = item / job->index_count * job->axis * job->inner;
        for (int64_t n = 0; n < job->inner; n++) {
            int64_t place = item * job->inner + n;
            int64_t index = index_at(job->index_dtype, job->indices, place);
            bool inside = index >= 0 && index < job->axis;
            int64_t source = origin + index * job->inner + n;
            if (job->size == 4) {
                ((uint32_t *)job->y)[place] = inside ? ((const uint32_t *)job->x)[source] : 0;
            } else if (job->size == 8) {
                ((uint64_t *)job->y)[place] = inside ? ((const uint64_t *)job->x)[source] : 0;
            } else {
                job->y[place] = inside ? job->x[source] : 0;
            }
        }
    }
}

void ck_gather_along(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count) {
    job job = {
        .dtype = dtype, .index_dtype = index_dtype, .x = x, .y = y, .indices = indices,
        .axis = axis, .inner = inner, .index_count = index_count, .size = ck_type_size(dtype)};
    double count = (double)outer * (double)index_count * (double)inner;
    ck_parallel_for(outer * index_count, count * 20, gather_along_rows, &job);
}

static inline void add_row(int dtype, char *yp, const char *xp, int64_t count) {
#define ADD(M, U) { \
        M *y = (M *)yp; \
        const M *x = (const M *)xp; \
        for (int64_t i = 0; i < count; i++) y[i] = (M)((U)y[i] + (U)x[i]); \
        break; \
    }
    switch (dtype) {
    case CK_F32: ADD(float, float)
    case CK_F64: ADD(double, double)
    case CK_I32: ADD(int32_t, uint32_t)
    case CK_I64: ADD(int64_t, uint64_t)
    case CK_U8: ADD(uint8_t, uint8_t)
    default:
        for (int64_t i = 0; i < count; i++) yp[i] = (char)(yp[i] | xp[i]);
    }
#undef ADD
}

// One item is a tile of columns of one outer index: no two threads add to the same element.
static void scatter_tiles(const job *job, int64_t first, int64_t last, bool along) {
    for (int64_t item = first; item < last; item++) {
        int64_t outer = item / job->tiles, column = item % job->tiles * job->tile;
        int64_t count = ck_min(job->tile, job->inner - column);
        int64_t bytes = job->inner * job->size;
        char *y = job->y + outer * job->axis * bytes + column * job->size;
        const char *x = job->x + outer * job->index_count * bytes + column * job->size;
        for (int64_t k = 0; k < job->axis; k++) {
            memset(y + k * bytes, 0, (size_t)(count * job->size));
        }
        for (int64_t i = 0; i < job->index_count; i++) {
            const char *row = x + i * bytes;
            if (!along) {
                int64_t index = index_at(job->index_dtype, job->indices, i);
                if (index < 0 || index >= job->axis) continue;
                add_row(job->dtype, y + index * bytes, row, count);
                continue;
            }
            int64_t place = (outer * job->index_count + i) * job->inner + column;
            for (int64_t n = 0; n < count; n++) {
                int64_t index = index_at(job->index_dtype, job->indices, place + n);
                if (index < 0 || index >= job->axis) continue;
                char *target = y + index * bytes + n * job->size;
                add_row(job->dtype, target, row + n * job->size, 1);
            }
        }
    }
}

static void scatter_rows(void *context, int64_t first, int64_t last) {
    scatter_tiles(context, first, last, false);
}

static void scatter_along(void *context, int64_t first, int64_t last) {
    scatter_tiles(context, first, last, true);
}

static void scatter(job job, int64_t outer, double cost, ck_body body) {
    job.size = ck_type_size(job.dtype);
    job.tile = 128;
    job.tiles = (job.inner + job.tile - 1) / job.tile;
    double work = (double)outer * (double)job.inner
        * (cost * (double)job.index_count + 0.5 * (double)job.axis);
    ck_parallel_for(outer * job.tiles, work, body, &job);
}

void ck_scatter_add(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count) {
    job job = {
        .dtype = dtype, .index_dtype = index_dtype, .x = x, .y = y, .indices = indices,
        .axis = axis, .inner = inner, .index_count = index_count};
    scatter(job, outer, 4, scatter_rows);
}

void ck_scatter_add_along(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count) {
    job job = {
        .dtype = dtype, .index_dtype = index_dtype, .x = x, .y = y, .indices = indices,
        .axis = axis, .inner = inner, .index_count = index_count};
    scatter(job, outer, 40, scatter_along);
}

void ck_one_hot(
    int dtype, const void *indices, int index_dtype, void *y, int64_t index_count,
    int64_t classes) {
    int64_t size = ck_type_size(dtype);
    char one[8];
    ck_fill(dtype, one, 1, 1);
    ck_fill(dtype, y, index_count * classes, 0);
    for (int64_t i = 0; i < index_count; i++) {
        int64_t index = index_at(index_dtype, indices, i);
        if (index < 0 || index >= classes) continue;
        memcpy((char *)y + (i * classes + index) * size, one, (size_t)size);
    }
}

typedef struct {
    char *y;
    int64_t size;
    uint64_t bits;
} filling;

static void fill_range(void *context, int64_t first, int64_t last) {
    const filling *job = context;
    if (job->size == 8) {
        for (int64_t i = first; i < last; i++) ((uint64_t *)job->y)[i] = job->bits;
    } else if (job->size == 4) {
        for (int64_t i = first; i < last; i++) ((uint32_t *)job->y)[i] = (uint32_t)job->bits;
    } else {
        memset(job->y + first, (int)job->bits, (size_t)(last - first));
    }
}

void ck_fill(int dtype, void *y, int64_t count, double value) {
    union {
        uint64_t bits;
        uint32_t half[2];
        uint8_t bytes[8];
    } number = {0};
    ck_loops()->stores[CK_CLASS_F64][dtype](&number, 1, &value, 1);
    int64_t size = ck_type_size(dtype);
    uint64_t bits = size == 8 ? number.bits : size == 4 ? number.half[0] : number.bytes[0];
    filling job = {y, size, bits};
    ck_parallel_for(count, (double)(count * size) / 4, fill_range, &job);
}
