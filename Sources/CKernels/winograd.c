// Convolutions with windows of 3×3 and a stride of 1, and their gradients, by Winograd's F(2×2, 3×3):
// a tile of 2×2 results takes 16 products per pair of channels instead of 36.
//
//     V = Bᵀ · patch · B      U = G · weights · Gᵀ      result = Aᵀ · Σ over channels (U ∘ V) · A
//
// Each of the 16 places of V and U is a matrix product of its own, over tiles, input and output
// channels. The gradients are the same steps backward: dM = A · dy · Aᵀ, then dx = Σ B · (dM · Uᵀ) · Bᵀ
// over the patches, which overlap, and dweights = Gᵀ · (Vᵀ · dM) · G.
//
// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", arXiv:1509.09308.

#include "winograd.h"

enum {
    // Tiles that are transformed together stay in the second-level cache with their products.
    BLOCK_BYTES = 256 * 1024,
    FEWEST_TILES = 24,
    MOST_TILES = 96,
};

ck_winograd_job ck_winograd_job_of(const ck_convolution *s) {
    ck_winograd_job j = {.shape = s, .loops = ck_loops()};
    int64_t lanes = j.loops->lane_count;
    bool even = s->in_channels % (2 * lanes) == 0 && s->out_channels % (2 * lanes) == 0;
    j.panel = even ? 2 * lanes : lanes;
    for (int axis = 0; axis < 2; axis++) j.tiles[axis] = ck_ceiling(s->output_size[axis], 2);
    j.per_image = j.tiles[0] * j.tiles[1];
    j.count = s->images * j.per_image;
    int64_t channels = s->in_channels + s->out_channels;
    int64_t fewest = channels < 512 ? FEWEST_TILES : 2 * FEWEST_TILES;
    j.block = ck_min(ck_max(BLOCK_BYTES / (CK_PLACES * 4 * channels), fewest), MOST_TILES);
    return j;
}

bool ck_winograd_fits(const ck_convolution *s) {
    int64_t lanes = ck_loops()->lane_count;
    return s->kernel[0] == 3 && s->kernel[1] == 3 && s->in_channels % lanes == 0
        && s->out_channels % lanes == 0 && s->in_channels > 0 && s->out_channels > 0;
}

// A pixel and the tiles of one block.
static int64_t own_floats(const ck_winograd_job *j) {
    return ck_pixel_floats(j->shape) + ck_block_floats(j);
}

// What the calling thread has for a block: a pixel that nobody reads, and the tiles of the images and of
// the results, their places `in_apart` and `out_apart` and their panels `step` from each other.
typedef struct {
    float *nowhere, *in, *out;
    int64_t in_apart, out_apart, step;
} room;

static room own_room(const ck_winograd_job *j) {
    const ck_convolution *s = j->shape;
    room own = {.nowhere = j->own + ck_thread_number() * own_floats(j)};
    own.in_apart = ck_apart(j->block, s->in_channels);
    own.out_apart = ck_apart(j->block, s->out_channels);
    own.step = j->block * j->panel;
    own.in = own.nowhere + ck_pixel_floats(s);
    own.out = own.in + CK_PLACES * own.in_apart;
    return own;
}

// ---------------------------------------------------------------------------------------------
// Where a tile's pixels lie

typedef struct {
    int64_t image, row, column;
} place;

static place place_of(const ck_winograd_job *j, int64_t tile) {
    int64_t rest = tile % j->per_image;
    return (place){tile / j->per_image, rest / j->tiles[1], rest % j->tiles[1]};
}

void ck_patch_pixels(
    const ck_winograd_job *j, int64_t tile, float *images, float *outside, float *pixels[16]) {
    const ck_convolution *s = j->shape;
    place at = place_of(j, tile);
    int64_t top = 2 * at.row - s->padding[0], left = 2 * at.column - s->padding[1];
    float *image = images + at.image * s->size[0] * s->size[1] * s->in_channels;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t k = 0; k < 4; k++) {
            int64_t row = top + i, column = left + k;
            bool inside = row >= 0 && row < s->size[0] && column >= 0 && column < s->size[1];
            pixels[4 * i + k] = inside
                ? image + (row * s->size[1] + column) * s->in_channels : outside;
        }
    }
}

void ck_result_pixels(
    const ck_winograd_job *j, int64_t tile, float *results, float *outside, float *pixels[4]) {
    const ck_convolution *s = j->shape;
    place at = place_of(j, tile);
    float *result = results + at.image * s->output_size[0] * s->output_size[1] * s->out_channels;
    for (int64_t i = 0; i < 2; i++) {
        for (int64_t k = 0; k < 2; k++) {
            int64_t row = 2 * at.row + i, column = 2 * at.column + k;
            bool inside = row < s->output_size[0] && column < s->output_size[1];
            pixels[2 * i + k] = inside
                ? result + (row * s->output_size[1] + column) * s->out_channels : outside;
        }
    }
}

// ---------------------------------------------------------------------------------------------
// The weights

// By place, panel of output channels, and input channel. Items are input channels.
static void pack_forward(void *context, int64_t first, int64_t last) {
    const ck_winograd_job *j = context;
    const ck_convolution *s = j->shape;
    int64_t size = s->in_channels * s->out_channels;
    for (int64_t c = first; c < last; c++) {
        for (int64_t k = 0; k < s->out_channels; k += j->panel) {
            j->loops->winograd_weights(
                j->weights + c * s->out_channels + k, size,
                j->packed + k * s->in_channels + c * j->panel, size, j->panel);
        }
    }
}

// By place, panel of input channels, and output channel. Items are panels.
static void pack_backward(void *context, int64_t first, int64_t last) {
    enum { MOST = 64 };
    const ck_winograd_job *j = context;
    const ck_convolution *s = j->shape;
    int64_t size = s->in_channels * s->out_channels;
    float turned[9 * MOST];
    for (int64_t panel = first; panel < last; panel++) {
        for (int64_t k = 0; k < s->out_channels; k++) {
            const float *from = j->weights + panel * j->panel * s->out_channels + k;
            for (int64_t tap = 0; tap < 9; tap++) {
                for (int64_t c = 0; c < j->panel; c++) {
                    turned[tap * MOST + c] = from[tap * size + c * s->out_channels];
                }
            }
            j->loops->winograd_weights(
                turned, MOST, j->packed + (panel * s->out_channels + k) * j->panel, size, j->panel);
        }
    }
}

// ---------------------------------------------------------------------------------------------
// The products: for each place, `tiles` rows of `depth` channels become rows of `columns` channels

static void multiply(
    const ck_winograd_job *j, const float *from, int64_t depth, float *to, int64_t columns,
    int64_t tiles) {
    const ck_table *loops = j->loops;
    int64_t vectors = j->panel / loops->lane_count;
    for (int64_t p = 0; p < CK_PLACES; p++) {
        for (int64_t column = 0; column < columns; column += j->panel) {
            ck_product m = {
                .outer = depth / j->panel, .inner = j->panel,
                .a = from + p * ck_apart(j->block, depth), .a_row = j->panel,
                .a_outer = j->block * j->panel,
                .b = j->packed + (p * columns + column) * depth, .b_row = j->panel,
                .y = to + p * ck_apart(j->block, columns) + column * j->block,
                .y_row = j->panel, .rest = (int)loops->lane_count};
            ck_run_rows(loops, m, vectors, tiles);
        }
    }
}

// ---------------------------------------------------------------------------------------------
// The convolution

// Items are tiles.
static void forward(void *context, int64_t first, int64_t last) {
    const ck_winograd_job *j = context;
    const ck_convolution *s = j->shape;
    room own = own_room(j);
    for (int64_t begin = first; begin < last; begin += j->block) {
        int64_t count = ck_min(j->block, last - begin);
        for (int64_t t = 0; t < count; t++) {
            float *pixels[16];
            ck_patch_pixels(j, begin + t, (float *)j->x, j->zeros, pixels);
            j->loops->winograd_image(
                pixels, own.in + t * j->panel, own.in_apart, own.step, j->panel, s->in_channels);
        }
        multiply(j, own.in, s->in_channels, own.out, s->out_channels, count);
        for (int64_t t = 0; t < count; t++) {
            float *pixels[4];
            ck_result_pixels(j, begin + t, j->y, own.nowhere, pixels);
            j->loops->winograd_result(
                own.out + t * j->panel, own.out_apart, own.step, j->panel, s->out_channels,
                j->bias, pixels);
        }
    }
}

// Zeros, U and every thread's own.
int64_t ck_winograd_scratch(const ck_convolution *shape) {
    ck_winograd_job j = ck_winograd_job_of(shape);
    return 4 * (ck_pixel_floats(shape) + ck_weight_floats(shape) + shape->rooms * own_floats(&j));
}

void ck_divide_scratch(ck_winograd_job *j, void *scratch) {
    j->zeros = scratch;
    memset(j->zeros, 0, (size_t)ck_pixel_floats(j->shape) * 4);
    j->packed = j->zeros + ck_pixel_floats(j->shape);
    j->own = j->packed + ck_weight_floats(j->shape);
}

void ck_winograd(
    const ck_convolution *shape, const float *x, const float *weights, const float *bias, float *y,
    void *scratch) {
    ck_winograd_job j = ck_winograd_job_of(shape);
    j.x = x;
    j.weights = weights;
    j.bias = bias;
    j.y = y;
    ck_divide_scratch(&j, scratch);
    ck_parallel_for(
        shape->in_channels, 4 * (double)ck_weight_floats(shape), pack_forward, &j);
    ck_parallel_for_at_most(shape->rooms, j.count, ck_winograd_work(&j), forward, &j);
}

// ---------------------------------------------------------------------------------------------
// The gradient by the images

// Items are images.
static void input_gradient(void *context, int64_t first, int64_t last) {
    const ck_winograd_job *j = context;
    const ck_convolution *s = j->shape;
    room own = own_room(j);
    int64_t image = s->size[0] * s->size[1] * s->in_channels;
    memset(j->dx + first * image, 0, (size_t)((last - first) * image) * 4);
    int64_t end = last * j->per_image;
    for (int64_t begin = first * j->per_image; begin < end; begin += j->block) {
        int64_t count = ck_min(j->block, end - begin);
        for (int64_t t = 0; t < count; t++) {
            float *pixels[4];
            ck_result_pixels(j, begin + t, (float *)j->dy, j->zeros, pixels);
            j->loops->winograd_result_gradient(
                pixels, own.out + t * j->panel, own.out_apart, own.step, j->panel, s->out_channels);
        }
        multiply(j, own.out, s->out_channels, own.in, s->in_channels, count);
        for (int64_t t = 0; t < count; t++) {
            float *pixels[16];
            ck_patch_pixels(j, begin + t, j->dx, own.nowhere, pixels);
            j->loops->winograd_image_gradient(
                own.in + t * j->panel, own.in_apart, own.step, j->panel, s->in_channels, pixels);
        }
    }
}

void ck_winograd_input_gradient(
    const ck_convolution *shape, const float *dy, const float *weights, float *dx, void *scratch) {
    ck_winograd_job j = ck_winograd_job_of(shape);
    j.dy = dy;
    j.weights = weights;
    j.dx = dx;
    ck_divide_scratch(&j, scratch);
    // What nobody reads is added to as well and has to be a number.
    for (int64_t thread = 0; thread < shape->rooms; thread++) {
        memset(j.own + thread * own_floats(&j), 0, (size_t)ck_pixel_floats(shape) * 4);
    }
    ck_parallel_for(
        shape->in_channels / j.panel, 4 * (double)ck_weight_floats(shape), pack_backward, &j);
    ck_parallel_for_at_most(
        shape->rooms, shape->images, ck_winograd_work(&j), input_gradient, &j);
}
