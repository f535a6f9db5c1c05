// Max pooling and its gradient. oneDNN's passes over NaN and knows no dilation in version 2.

#include "internal.h"

#include <math.h>
#include <string.h>

typedef struct {
    const ck_pool *pool;
    const ck_table *loops;
    const float *x, *dy;
    float *y, *dx;
    int32_t *places;
} pass;

// The output positions first ..< last along one axis whose window has place `k` inside the input.
static void inside(
    const ck_pool *pool, int axis, int64_t k, int64_t *first, int64_t *last) {
    int64_t shift = k * pool->dilation[axis] - pool->padding[axis];
    int64_t stride = pool->stride[axis];
    *first = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
    int64_t room = pool->size[axis] - 1 - shift;
    *last = room < 0 ? 0 : ck_min(pool->output_size[axis], room / stride + 1);
    if (*last < *first) *last = *first;
}

static bool has_padding(const ck_pool *pool) {
    for (int axis = 0; axis < 2; axis++) {
        int64_t reach = (pool->output_size[axis] - 1) * pool->stride[axis]
            + (pool->kernel[axis] - 1) * pool->dilation[axis] + 1;
        if (pool->padding[axis] > 0 || reach > pool->size[axis]) return true;
    }
    return false;
}

// Windows of two by two inside the input, one beside the other.
static bool is_four(const ck_pool *pool) {
    for (int axis = 0; axis < 2; axis++) {
        if (pool->kernel[axis] != 2 || pool->stride[axis] != 2 || pool->dilation[axis] != 1)
            return false;
    }
    return !has_padding(pool);
}

static void forward(void *context, int64_t first_image, int64_t last_image) {
    const pass *p = context;
    const ck_pool *pool = p->pool;
    int64_t channels = pool->channels, step = pool->stride[1] * channels;
    int64_t row = pool->output_size[1] * channels;
    bool padded = has_padding(pool), four = is_four(pool);
    for (int64_t image = first_image; image < last_image; image++) {
        const float *x = p->x + image * pool->size[0] * pool->size[1] * channels;
        for (int64_t i = 0; i < pool->output_size[0]; i++) {
            int64_t start = (image * pool->output_size[0] + i) * row;
            float *y = p->y + start;
            int32_t *places = p->places + start;
            if (four) {
                p->loops->pool_four(
                    y, places, x + 2 * i * pool->size[1] * channels, pool->size[1] * channels,
                    pool->output_size[1], step, channels);
                continue;
            }
            if (padded) {
                for (int64_t j = 0; j < row; j++) y[j] = -INFINITY, places[j] = -1;
            }
            for (int64_t k = 0; k < pool->kernel[0]; k++) {
                int64_t in_row = i * pool->stride[0] - pool->padding[0] + k * pool->dilation[0];
                if (in_row < 0 || in_row >= pool->size[0]) continue;
                for (int64_t l = 0; l < pool->kernel[1]; l++) {
                    int64_t first, last;
                    inside(pool, 1, l, &first, &last);
                    int64_t column =
                        first * pool->stride[1] - pool->padding[1] + l * pool->dilation[1];
                    if (last == first) continue;
                    const float *from = x + (in_row * pool->size[1] + column) * channels;
                    int64_t offset = first * channels;
                    if (!padded && k == 0 && l == 0)
                        p->loops->pool_start(
                            y + offset, places + offset, from, last - first, step, channels);
                    else
                        p->loops->pool_update(
                            y + offset, places + offset, from, last - first, step, channels,
                            (int32_t)(k * pool->kernel[1] + l));
                }
            }
        }
    }
}

// Windows that do not touch each other write every pixel at most once.
static bool overlaps(const ck_pool *pool) {
    for (int axis = 0; axis < 2; axis++) {
        if (pool->dilation[axis] > 1 || pool->stride[axis] < pool->kernel[axis]) return true;
    }
    return false;
}

static bool covers(const ck_pool *pool) {
    if (overlaps(pool) || has_padding(pool)) return false;
    for (int axis = 0; axis < 2; axis++) {
        if (pool->stride[axis] != pool->kernel[axis]
            || pool->output_size[axis] * pool->stride[axis] != pool->size[axis])
            return false;
    }
    return true;
}

static void backward(void *context, int64_t first_image, int64_t last_image) {
    const pass *p = context;
    const ck_pool *pool = p->pool;
    int64_t channels = pool->channels, step = pool->stride[1] * channels;
    int64_t row = pool->output_size[1] * channels;
    int64_t image_size = pool->size[0] * pool->size[1] * channels;
    bool clears = !covers(pool), four = is_four(pool);
    __typeof__(p->loops->pool_add) loop =
        overlaps(pool) ? p->loops->pool_add : p->loops->pool_assign;
    for (int64_t image = first_image; image < last_image; image++) {
        float *dx = p->dx + image * image_size;
        if (clears) memset(dx, 0, (size_t)image_size * sizeof *dx);
        for (int64_t i = 0; i < pool->output_size[0]; i++) {
            int64_t start = (image * pool->output_size[0] + i) * row;
            if (four) {
                p->loops->pool_four_assign(
                    dx + 2 * i * pool->size[1] * channels, p->dy + start, p->places + start,
                    pool->size[1] * channels, pool->output_size[1], step, channels);
                continue;
            }
            for (int64_t k = 0; k < pool->kernel[0]; k++) {
                int64_t in_row = i * pool->stride[0] - pool->padding[0] + k * pool->dilation[0];
                if (in_row < 0 || in_row >= pool->size[0]) continue;
                for (int64_t l = 0; l < pool->kernel[1]; l++) {
                    int64_t first, last;
                    inside(pool, 1, l, &first, &last);
                    int64_t column =
                        first * pool->stride[1] - pool->padding[1] + l * pool->dilation[1];
                    if (last == first) continue;
                    int64_t offset = start + first * channels;
                    loop(
                        dx + (in_row * pool->size[1] + column) * channels, p->dy + offset,
                        p->places + offset, last - first, step, channels,
                        (int32_t)(k * pool->kernel[1] + l));
                }
            }
        }
    }
}

static double work(const ck_pool *pool) {
    return 4 * (double)(pool->images * pool->output_size[0] * pool->output_size[1] * pool->channels
        * pool->kernel[0] * pool->kernel[1]);
}

void ck_max_pool(const ck_pool *pool, const float *x, float *y, int32_t *places) {
    pass p = {.pool = pool, .loops = ck_loops(), .x = x, .y = y, .places = places};
    ck_parallel_for(pool->images, work(pool), forward, &p);
}

void ck_max_pool_gradient(
    const ck_pool *pool, const float *dy, const int32_t *places, float *dx) {
    pass p = {
        .pool = pool, .loops = ck_loops(), .dy = dy, .dx = dx, .places = (int32_t *)places};
    ck_parallel_for(pool->images, work(pool), backward, &p);
}
