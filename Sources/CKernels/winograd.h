// What the two files of Winograd's convolutions share: tiles and where they lie in memory.
//
// Tiles are counted over all images. Channels lie in panels of one or two vectors, for each place and
// panel all tiles one after the other, so that the matrix products read memory in order.
#pragma once

#include "internal.h"

#include <string.h>

enum {
    CK_PLACES = 16,
    // Floats between the places' memory, so that they do not compete for one set of the cache.
    CK_PLACE_SPACE = 16,
};

typedef struct {
    const ck_convolution *shape;
    const ck_table *loops;
    const float *x, *weights, *bias, *dy;
    float *y, *dx, *dweights, *dbias;
    int64_t panel;          // channels of a panel
    int64_t tiles[2], per_image, count;
    int64_t block;          // tiles that are handled together
    // Scratch: zeros for a pixel that there is not; U by place and panel of columns; and each
    // thread's own, which starts with room for a pixel that nobody reads.
    float *zeros, *packed, *own;
    int64_t chunks;         // of the gradient of the weights
} ck_winograd_job;

// The geometry; scratch and arrays are the caller's.
ck_winograd_job ck_winograd_job_of(const ck_convolution *shape);

// Floats from one place to the next.
static inline int64_t ck_apart(int64_t tiles, int64_t channels) {
    return tiles * channels + CK_PLACE_SPACE;
}

static inline int64_t ck_pixel_floats(const ck_convolution *s) {
    return ck_max(s->in_channels, s->out_channels);
}

static inline int64_t ck_weight_floats(const ck_convolution *s) {
    return CK_PLACES * s->in_channels * s->out_channels;
}

// The tiles of a block, before and after the products.
static inline int64_t ck_block_floats(const ck_winograd_job *j) {
    const ck_convolution *s = j->shape;
    return CK_PLACES * (ck_apart(j->block, s->in_channels) + ck_apart(j->block, s->out_channels));
}

// The cost, see ck_parallel_for.
static inline double ck_winograd_work(const ck_winograd_job *j) {
    return (double)(j->count * CK_PLACES * j->shape->in_channels) * (double)j->shape->out_channels
        / 2;
}

// The pixels of a patch of an image; `outside` stands for those that there are not.
void ck_patch_pixels(
    const ck_winograd_job *j, int64_t tile, float *images, float *outside, float *pixels[16]);

// The pixels of a tile of the result.
void ck_result_pixels(
    const ck_winograd_job *j, int64_t tile, float *results, float *outside, float *pixels[4]);

// Points at the parts of `scratch` and clears the zeros.
void ck_divide_scratch(ck_winograd_job *j, void *scratch);
