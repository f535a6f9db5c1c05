// The gradient by the weights of Winograd's convolutions: sums of the products of V and dM, see
// winograd.c. Few weights: tiles are cut into as many chunks whatever the number of threads, each with
// sums of its own. Many weights: threads share the places of one sum. Either way sums are the same for
// any number of threads.

#include "winograd.h"

enum {
    // For each place, the tiles that are in memory at a time, and those of one inner product, which
    // stay in the first-level cache.
    SUM_BYTES = 24 * 1024,
    SUM_TILES = 48,
    // Transformed weights that are summed in chunks.
    MOST_CHUNKED_BYTES = 300 * 1024,
};

static int64_t chunks_of(const ck_winograd_job *j) {
    int64_t most = j->count / SUM_TILES, bytes = 4 * ck_weight_floats(j->shape);
    if (bytes > MOST_CHUNKED_BYTES) return 1;
    return ck_max(ck_min(most, bytes > MOST_CHUNKED_BYTES / 4 ? 4 : 8), 1);
}

// Tiles whose V and dM are in memory at a time.
static int64_t summed_tiles(const ck_winograd_job *j) {
    int64_t channels = j->shape->in_channels + j->shape->out_channels;
    int64_t groups = ck_max(SUM_BYTES / (4 * channels * SUM_TILES), 1);
    return SUM_TILES * (chunks_of(j) == 1 && j->count > SUM_TILES ? 2 * groups : groups);
}

// The tiles begin ..< end, and where their transforms and the sums go.
typedef struct {
    const ck_winograd_job *job;
    int64_t begin, end;
    float *images, *results, *sums, *bias;
    bool is_first;
} summing;

// Items are tiles from `begin` on.
static void transform(void *context, int64_t first, int64_t last) {
    const summing *now = context;
    const ck_winograd_job *j = now->job;
    const ck_convolution *s = j->shape;
    int64_t step = j->block * j->panel;
    for (int64_t t = first; t < last; t++) {
        float *patch[16], *result[4];
        ck_patch_pixels(j, now->begin + t, (float *)j->x, j->zeros, patch);
        j->loops->winograd_image(
            patch, now->images + t * j->panel, ck_apart(j->block, s->in_channels), step, j->panel,
            s->in_channels);
        ck_result_pixels(j, now->begin + t, (float *)j->dy, j->zeros, result);
        j->loops->winograd_result_gradient(
            result, now->results + t * j->panel, ck_apart(j->block, s->out_channels), step, j->panel,
            s->out_channels);
    }
}

// Adds up a panel's gradients of the results, which are the sums of tiles at place (1, 1).
static void add_bias_gradient(
    const ck_winograd_job *j, const float *results, int64_t tiles, float *bias) {
    static const float one = 1;
    int64_t lanes = j->loops->lane_count;
    ck_product m = {
        .outer = 1, .inner = tiles, .a = &one, .b = results, .b_row = j->panel, .y = bias,
        .y_row = j->panel, .rest = (int)lanes, .adds = true};
    j->loops->outer_tiles[j->panel / lanes - 1][0](&m);
}

// Items are panels of output channels at each place.
static void sum_products(void *context, int64_t first, int64_t last) {
    enum { BIAS_PLACE = 5 };
    const summing *now = context;
    const ck_winograd_job *j = now->job;
    const ck_convolution *s = j->shape;
    int64_t vectors = j->panel / j->loops->lane_count, most = j->loops->tile_rows[vectors - 1];
    int64_t panels = s->out_channels / j->panel, groups = ck_ceiling(j->panel, most);
    for (int64_t item = first; item < last; item++) {
        int64_t p = item / panels, column = item % panels * j->panel;
        const float *images = now->images + p * ck_apart(j->block, s->in_channels);
        const float *results =
            now->results + p * ck_apart(j->block, s->out_channels) + column * j->block;
        float *sums = now->sums + p * s->in_channels * s->out_channels + column;
        bool has_bias = p == BIAS_PLACE && now->bias != NULL;
        if (now->is_first) {
            for (int64_t c = 0; c < s->in_channels; c++) {
                memset(sums + c * s->out_channels, 0, (size_t)j->panel * 4);
            }
            if (has_bias) memset(now->bias + column, 0, (size_t)j->panel * 4);
        }
        for (int64_t t = 0; t < now->end - now->begin; t += SUM_TILES) {
            int64_t count = ck_min(SUM_TILES, now->end - now->begin - t);
            ck_product m = {
                .outer = 1, .inner = count, .a_row = j->panel, .b = results + t * j->panel,
                .b_row = j->panel, .y_row = s->out_channels, .rest = (int)j->loops->lane_count,
                .adds = true};
            for (int64_t c = 0; c < s->in_channels; c += j->panel) {
                for (int64_t group = 0; group < groups; group++) {
                    int64_t row = group * j->panel / groups, end = (group + 1) * j->panel / groups;
                    m.a = images + c * j->block + t * j->panel + row;
                    m.y = sums + (c + row) * s->out_channels;
                    j->loops->outer_tiles[vectors - 1][end - row - 1](&m);
                }
            }
            if (has_bias) add_bias_gradient(j, m.b, count, now->bias + column);
        }
    }
}

// The sums of a chunk and of the bias.
static int64_t sum_floats(const ck_convolution *s) {
    return ck_weight_floats(s) + s->out_channels;
}

static summing summing_of(const ck_winograd_job *j, int64_t chunk, int64_t thread) {
    summing now = {.job = j, .begin = chunk * j->count / j->chunks, .is_first = true};
    now.images = j->own + thread * ck_block_floats(j);
    now.results = now.images + CK_PLACES * ck_apart(j->block, j->shape->in_channels);
    now.sums = j->packed + chunk * sum_floats(j->shape);
    if (j->dbias != NULL) now.bias = now.sums + ck_weight_floats(j->shape);
    return now;
}

// Items are chunks, each done by one thread.
static void sum_chunks(void *context, int64_t first, int64_t last) {
    const ck_winograd_job *j = context;
    for (int64_t chunk = first; chunk < last; chunk++) {
        summing now = summing_of(j, chunk, ck_thread_number());
        int64_t end = (chunk + 1) * j->count / j->chunks;
        for (; now.begin < end; now.begin = now.end, now.is_first = false) {
            now.end = ck_min(now.begin + j->block, end);
            transform(&now, 0, now.end - now.begin);
            sum_products(&now, 0, CK_PLACES * j->shape->out_channels / j->panel);
        }
    }
}

// All threads on one sum.
static void sum_together(const ck_winograd_job *j) {
    const ck_convolution *s = j->shape;
    double moved = 40 * (double)(j->block * (s->in_channels + s->out_channels));
    double share = (double)j->block / (double)j->count;
    summing now = summing_of(j, 0, 0);
    for (; now.begin < j->count; now.begin = now.end, now.is_first = false) {
        now.end = ck_min(now.begin + j->block, j->count);
        ck_parallel_for(now.end - now.begin, moved, transform, &now);
        ck_parallel_for(
            CK_PLACES * s->out_channels / j->panel, ck_winograd_work(j) * share, sum_products, &now);
    }
}

// Items are input channels; with the first one goes the bias.
static void finish_weights(void *context, int64_t first, int64_t last) {
    const ck_winograd_job *j = context;
    const ck_convolution *s = j->shape;
    int64_t size = s->in_channels * s->out_channels, count = s->out_channels;
    for (int64_t c = first; c < last; c++) {
        float *sums = j->packed + c * count;
        for (int64_t chunk = 1; chunk < j->chunks; chunk++) {
            const float *more = sums + chunk * sum_floats(s);
            for (int64_t p = 0; p < CK_PLACES; p++) {
                for (int64_t k = 0; k < count; k++) sums[p * size + k] += more[p * size + k];
            }
        }
        j->loops->winograd_weights_gradient(sums, size, j->dweights + c * count, size, count);
    }
    if (first > 0 || j->dbias == NULL) return;
    for (int64_t k = 0; k < count; k++) {
        float sum = 0;
        for (int64_t chunk = 0; chunk < j->chunks; chunk++) {
            sum += j->packed[chunk * sum_floats(s) + ck_weight_floats(s) + k];
        }
        j->dbias[k] = sum;
    }
}

static ck_winograd_job weight_job(const ck_convolution *shape) {
    ck_winograd_job j = ck_winograd_job_of(shape);
    j.chunks = chunks_of(&j);
    j.block = summed_tiles(&j);
    return j;
}

int64_t ck_winograd_weight_scratch(const ck_convolution *shape) {
    ck_winograd_job j = weight_job(shape);
    int64_t rooms = j.chunks > 1 ? shape->rooms : 1;
    return 4 * (ck_pixel_floats(shape) + j.chunks * sum_floats(shape) + rooms * ck_block_floats(&j));
}

void ck_winograd_weight_gradient(
    const ck_convolution *shape, const float *x, const float *dy, float *dweights, float *dbias,
    void *scratch) {
    ck_winograd_job j = weight_job(shape);
    j.x = x;
    j.dy = dy;
    j.dweights = dweights;
    j.dbias = dbias;
    ck_divide_scratch(&j, scratch);
    j.own = j.packed + j.chunks * sum_floats(shape);
    if (j.chunks > 1) {
        ck_parallel_for_at_most(shape->rooms, j.chunks, ck_winograd_work(&j), sum_chunks, &j);
    } else {
        sum_together(&j);
    }
    ck_parallel_for(
        shape->in_channels, 4 * (double)(ck_weight_floats(shape) * j.chunks), finish_weights, &j);
}
