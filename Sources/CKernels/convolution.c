// Convolutions with a stride of 1 and their gradients, over images with the channels of a pixel side by
// side; weights are rows, columns, input channels, output channels. Here without padding, and elsewhere
// by Winograd's method.
//
// One row of a window is contiguous in memory, so a convolution is, for each row of the kernel, a
// matrix product of overlapping rows of the image with a slice of the weights.

#include "internal.h"

#include <string.h>

enum {
    // Weights of one block of columns stay in the first-level cache.
    BLOCK_BYTES = 20000,
};

typedef struct {
    const ck_convolution *shape;
    const ck_table *loops;
    const float *x, *weights, *bias, *dy;
    float *y, *dx, *dweights, *dbias, *packed, *sums;
    int64_t chunks, sums_size;
} job;

// Columns in blocks of whole vectors.
typedef struct {
    int64_t columns, vectors, width, block_vectors, blocks;
} blocks;

static blocks blocks_of(const ck_table *loops, int64_t columns, int64_t depth) {
    blocks b = {.columns = columns, .width = loops->lane_count};
    b.vectors = ck_ceiling(columns, b.width);
    b.block_vectors = ck_min(b.vectors, loops->tile_rows[3] > 0 ? 4 : 2);
    while (b.block_vectors > 2 && b.block_vectors * b.width * 4 * depth > BLOCK_BYTES) {
        b.block_vectors--;
    }
    // Blocks of about one size.
    b.blocks = ck_ceiling(b.vectors, b.block_vectors);
    b.block_vectors = ck_ceiling(b.vectors, b.blocks);
    b.blocks = ck_ceiling(b.vectors, b.block_vectors);
    return b;
}

static int64_t vectors_of(const blocks *b, int64_t block) {
    return ck_min(b->block_vectors, b->vectors - block * b->block_vectors);
}

// The lanes of the last vector of a block.
static int rest_of(const blocks *b, int64_t block) {
    int64_t end = ck_min((block + 1) * b->block_vectors * b->width, b->columns);
    int64_t first = (block * b->block_vectors + vectors_of(b, block) - 1) * b->width;
    return (int)(end - first);
}

// ---------------------------------------------------------------------------------------------
// The convolution

static blocks forward_blocks(const ck_table *loops, const ck_convolution *s) {
    return blocks_of(
        loops, s->out_channels, s->kernel[0] * s->kernel[1] * s->in_channels);
}

// One block of columns after the other, each row with whole vectors. Items are blocks.
static void pack_forward(void *context, int64_t first, int64_t last) {
    const job *j = context;
    const ck_convolution *s = j->shape;
    blocks b = forward_blocks(j->loops, s);
    int64_t depth = s->kernel[0] * s->kernel[1] * s->in_channels;
    for (int64_t block = first; block < last; block++) {
        int64_t column = block * b.block_vectors * b.width;
        int64_t width = vectors_of(&b, block) * b.width;
        int64_t filled = ck_min(width, s->out_channels - column);
        float *to = j->packed + column * depth;
        for (int64_t k = 0; k < depth; k++, to += width) {
            memcpy(to, j->weights + k * s->out_channels + column, (size_t)filled * 4);
            for (int64_t c = filled; c < width; c++) to[c] = 0;
        }
    }
}

// Items are output rows.
static void forward(void *context, int64_t first, int64_t last) {
    const job *j = context;
    const ck_convolution *s = j->shape;
    blocks b = forward_blocks(j->loops, s);
    int64_t inner = s->kernel[1] * s->in_channels, depth = s->kernel[0] * inner;
    const float *packed = j->packed;
    for (int64_t block = 0; block < b.blocks; block++) {
        int64_t column = block * b.block_vectors * b.width, vectors = vectors_of(&b, block);
        ck_product m = {
            .outer = s->kernel[0], .inner = inner, .a_row = s->in_channels,
            .a_outer = s->size[1] * s->in_channels, .b = packed, .b_row = vectors * b.width,
            .y_row = s->out_channels, .rest = rest_of(&b, block),
            .start = j->bias == NULL ? NULL : j->bias + column};
        for (int64_t item = first; item < last; item++) {
            int64_t image = item / s->output_size[0], row = item % s->output_size[0];
            m.a = j->x + (image * s->size[0] + row) * s->size[1] * s->in_channels;
            m.y = j->y + item * s->output_size[1] * s->out_channels + column;
            ck_run_rows(j->loops, m, vectors, s->output_size[1]);
        }
        packed += depth * vectors * b.width;
    }
}

static double work_of(const ck_convolution *s) {
    return (double)(s->images * s->output_size[0] * s->output_size[1] * s->out_channels)
        * (double)(s->kernel[0] * s->kernel[1] * s->in_channels) / 2;
}

// The cost of a pass over the weights.
static double weight_work(const ck_convolution *s) {
    return 4 * (double)(s->kernel[0] * s->kernel[1] * s->in_channels * s->out_channels);
}

int64_t ck_convolution_scratch(const ck_convolution *s) {
    if (s->method == CK_WINOGRAD) return ck_winograd_scratch(s);
    blocks b = forward_blocks(ck_loops(), s);
    return b.vectors * b.width * s->kernel[0] * s->kernel[1] * s->in_channels * 4;
}

void ck_convolve(
    const ck_convolution *shape, const float *x, const float *weights, const float *bias, float *y,
    void *scratch) {
    if (shape->method == CK_WINOGRAD) {
        ck_winograd(shape, x, weights, bias, y, scratch);
        return;
    }
    job j = {
        .shape = shape, .loops = ck_loops(), .x = x, .weights = weights, .bias = bias, .y = y,
        .packed = scratch};
    ck_parallel_for(
        forward_blocks(j.loops, shape).blocks, weight_work(shape), pack_forward, &j);
    ck_parallel_for(shape->images * shape->output_size[0], work_of(shape), forward, &j);
}

// ---------------------------------------------------------------------------------------------
// The gradient by the images: each pixel of dy, times the weights of one row of the kernel, is added
// to a run of neighbours in one row of dx.

static blocks input_blocks(const ck_table *loops, const ck_convolution *s) {
    return blocks_of(loops, s->kernel[1] * s->in_channels, s->out_channels);
}

// For each row of the kernel and block of columns: output channels by columns and input channels. Items
// are blocks of all rows.
static void pack_input(void *context, int64_t first, int64_t last) {
    const job *j = context;
    const ck_convolution *s = j->shape;
    blocks b = input_blocks(j->loops, s);
    for (int64_t item = first; item < last; item++) {
        int64_t k = item / b.blocks, block = item % b.blocks;
        int64_t column = block * b.block_vectors * b.width;
        int64_t width = vectors_of(&b, block) * b.width;
        int64_t filled = ck_min(width, b.columns - column);
        const float *from = j->weights + (k * b.columns + column) * s->out_channels;
        float *to = j->packed + (k * b.vectors * b.width + column) * s->out_channels;
        for (int64_t c = 0; c < s->out_channels; c++, to += width) {
            for (int64_t i = 0; i < filled; i++) to[i] = from[i * s->out_channels + c];
            for (int64_t i = filled; i < width; i++) to[i] = 0;
        }
    }
}

// Rows of a tile are rows of the image, whose results do not overlap.
static void input_gradient(void *context, int64_t first, int64_t last) {
    const job *j = context;
    const ck_convolution *s = j->shape;
    blocks b = input_blocks(j->loops, s);
    int64_t x_row = s->size[1] * s->in_channels, y_row = s->output_size[1] * s->out_channels;
    for (int64_t image = first; image < last; image++) {
        float *dx = j->dx + image * s->size[0] * x_row;
        const float *dy = j->dy + image * s->output_size[0] * y_row;
        memset(dx, 0, (size_t)(s->size[0] * x_row) * 4);
        const float *packed = j->packed;
        for (int64_t k = 0; k < s->kernel[0]; k++) {
            for (int64_t block = 0; block < b.blocks; block++) {
                int64_t column = block * b.block_vectors * b.width;
                int64_t vectors = vectors_of(&b, block);
                ck_product m = {
                    .outer = 1, .inner = s->out_channels, .a_row = y_row, .b = packed,
                    .b_row = vectors * b.width, .y_row = x_row, .rest = rest_of(&b, block),
                    .adds = true};
                for (int64_t i = 0; i < s->output_size[1]; i++) {
                    m.a = dy + i * s->out_channels;
                    m.y = dx + k * x_row + i * s->in_channels + column;
                    ck_run_rows(j->loops, m, vectors, s->output_size[0]);
                }
                packed += s->out_channels * vectors * b.width;
            }
        }
    }
}

int64_t ck_convolution_input_scratch(const ck_convolution *s) {
    if (s->method == CK_WINOGRAD) return ck_winograd_scratch(s);
    blocks b = input_blocks(ck_loops(), s);
    return s->kernel[0] * s->out_channels * b.vectors * b.width * 4;
}

void ck_convolve_input_gradient(
    const ck_convolution *shape, const float *dy, const float *weights, float *dx, void *scratch) {
    if (shape->method == CK_WINOGRAD) {
        ck_winograd_input_gradient(shape, dy, weights, dx, scratch);
        return;
    }
    job j = {
        .shape = shape, .loops = ck_loops(), .dy = dy, .weights = weights, .dx = dx,
        .packed = scratch};
    ck_parallel_for(
        shape->kernel[0] * input_blocks(j.loops, shape).blocks, weight_work(shape), pack_input, &j);
    ck_parallel_for(shape->images, work_of(shape), input_gradient, &j);
}

// ---------------------------------------------------------------------------------------------
// The gradient by the weights: sums of outer products of the rows of windows with pixels of dy

// Images are cut into as many chunks whatever the number of threads, so that sums are the same.
static int64_t chunks_of(const ck_convolution *s) {
    int64_t size = s->kernel[0] * s->kernel[1] * s->in_channels * s->out_channels;
    return ck_min(size > 8000 ? 4 : 8, s->images);
}

static blocks weight_blocks(const ck_table *loops, const ck_convolution *s) {
    return blocks_of(loops, s->out_channels, 1);
}

// The sums of one chunk: weights with whole vectors of columns, then the bias.
static int64_t sums_size(const ck_table *loops, const ck_convolution *s) {
    blocks b = weight_blocks(loops, s);
    return (s->kernel[0] * s->kernel[1] * s->in_channels + 1) * b.vectors * b.width;
}

// Items are rows of the kernel for each chunk.
static void weight_gradient(void *context, int64_t first, int64_t last) {
    const job *j = context;
    const ck_convolution *s = j->shape;
    blocks b = weight_blocks(j->loops, s);
    int64_t inner = s->kernel[1] * s->in_channels, stride = b.vectors * b.width;
    int64_t x_row = s->size[1] * s->in_channels, y_row = s->output_size[1] * s->out_channels;
    const float one = 1;
    for (int64_t item = first; item < last; item++) {
        int64_t chunk = item / s->kernel[0], k = item % s->kernel[0];
        float *rows = j->sums + chunk * j->sums_size + k * inner * stride;
        float *bias = j->sums + chunk * j->sums_size + s->kernel[0] * inner * stride;
        bool has_bias = k == 0 && j->bias != NULL;
        memset(rows, 0, (size_t)(inner * stride) * 4);
        if (has_bias) memset(bias, 0, (size_t)stride * 4);
        int64_t begin = chunk * s->images / j->chunks, end = (chunk + 1) * s->images / j->chunks;
        for (int64_t image = begin; image < end; image++) {
            const float *x = j->x + image * s->size[0] * x_row + k * x_row;
            const float *dy = j->dy + image * s->output_size[0] * y_row;
            for (int64_t block = 0; block < b.blocks; block++) {
                int64_t column = block * b.block_vectors * b.width;
                int64_t vectors = vectors_of(&b, block);
                const ck_tile *tiles = j->loops->outer_tiles[vectors - 1];
                int64_t groups = ck_ceiling(inner, j->loops->tile_rows[vectors - 1]);
                ck_product m = {
                    .outer = s->output_size[0], .inner = s->output_size[1], .a_outer = x_row,
                    .a_row = s->in_channels, .b = dy + column, .b_row = s->out_channels,
                    .b_outer = y_row, .y_row = stride, .rest = rest_of(&b, block),
                    .adds = true};
                for (int64_t group = 0; group < groups; group++) {
                    int64_t row = group * inner / groups;
                    m.a = x + row;
                    m.y = rows + row * stride + column;
                    tiles[(group + 1) * inner / groups - row - 1](&m);
                }
                if (!has_bias) continue;
                m.a = &one;
                m.a_outer = m.a_row = 0;
                m.y = bias + column;
                tiles[0](&m);
            }
        }
    }
}

// Adds the chunks' sums. Items are rows of the weights, then the bias.
static void add_chunks(void *context, int64_t first, int64_t last) {
    const job *j = context;
    const ck_convolution *s = j->shape;
    blocks b = weight_blocks(j->loops, s);
    int64_t rows = s->kernel[0] * s->kernel[1] * s->in_channels;
    for (int64_t row = first; row < last; row++) {
        float *to = row == rows ? j->dbias : j->dweights + row * s->out_channels;
        const float *from = j->sums + row * b.vectors * b.width;
        for (int64_t c = 0; c < s->out_channels; c++) to[c] = from[c];
        for (int64_t chunk = 1; chunk < j->chunks; chunk++) {
            from += j->sums_size;
            for (int64_t c = 0; c < s->out_channels; c++) to[c] += from[c];
        }
    }
}

int64_t ck_convolution_weight_scratch(const ck_convolution *s) {
    if (s->method == CK_WINOGRAD) return ck_winograd_weight_scratch(s);
    return chunks_of(s) * sums_size(ck_loops(), s) * 4;
}

void ck_convolve_weight_gradient(
    const ck_convolution *s, const float *x, const float *dy, float *dweights, float *dbias,
    void *scratch) {
    if (s->method == CK_WINOGRAD) {
        ck_winograd_weight_gradient(s, x, dy, dweights, dbias, scratch);
        return;
    }
    job j = {
        .shape = s, .loops = ck_loops(), .x = x, .dy = dy, .bias = dbias, .dweights = dweights,
        .dbias = dbias, .sums = scratch, .chunks = chunks_of(s)};
    j.sums_size = sums_size(j.loops, s);
    ck_parallel_for(j.chunks * s->kernel[0], work_of(s), weight_gradient, &j);
    ck_parallel_for(
        s->kernel[0] * s->kernel[1] * s->in_channels + (dbias != NULL),
        weight_work(s) * (double)j.chunks, add_chunks, &j);
}
