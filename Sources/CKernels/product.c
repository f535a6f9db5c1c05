// Products of small matrices from the tiles of convolutions. A library's product prepares itself for
// longer than these take.

#include "internal.h"

#include <string.h>

// The columns first ..< first + count, which are some vectors, of which the last has `rest` lanes.
typedef struct {
    int64_t first, vectors;
    int rest;
} band;

static band band_at(const ck_table *loops, int64_t first, int64_t columns) {
    int64_t most = loops->tile_rows[3] > 0 ? 4 : 2, width = loops->lane_count;
    int64_t count = ck_min(columns - first, most * width), vectors = ck_ceiling(count, width);
    return (band){first, vectors, (int)(count - (vectors - 1) * width)};
}

// The first column behind a band.
static int64_t end_of(const ck_table *loops, band b) {
    return b.first + (b.vectors - 1) * loops->lane_count + b.rest;
}

// Tiles read whole vectors, also behind the end of a row: there lies the next row.
bool ck_small_product_fits(int64_t columns) {
    int64_t width = ck_loops()->lane_count;
    return ck_ceiling(columns, width) * width <= 2 * columns;
}

void ck_run_rows(const ck_table *loops, ck_product m, int64_t vectors, int64_t rows) {
    int64_t groups = ck_ceiling(rows, loops->tile_rows[vectors - 1]), first = 0;
    for (int64_t group = 0; group < groups; group++) {
        int64_t end = (group + 1) * rows / groups, count = end - first;
        loops->product_tiles[vectors - 1][count - 1](&m);
        m.a += count * m.a_row;
        m.y += count * m.y_row;
        first = end;
    }
}

void ck_small_product(
    int64_t rows, int64_t inner, int64_t columns, const float *a, const float *b,
    const float *bias, float *y) {
    enum { MOST_LANES = 64 };
    const ck_table *loops = ck_loops();
    band now = {0};
    for (int64_t column = 0; column < columns; column = end_of(loops, now)) {
        now = band_at(loops, column, columns);
        // The last row of b has no other behind it.
        bool has_rest = now.rest < loops->lane_count;
        int64_t whole = has_rest ? inner - 1 : inner;
        ck_product m = {
            .outer = 1, .inner = whole, .a = a, .a_row = inner, .b = b + column, .b_row = columns,
            .y = y + column, .y_row = columns, .rest = now.rest,
            .start = bias == NULL ? NULL : bias + column};
        ck_run_rows(loops, m, now.vectors, rows);
        if (!has_rest) continue;
        float last[MOST_LANES] = {0};
        memcpy(last, b + whole * columns + column, (size_t)(end_of(loops, now) - column) * 4);
        m.inner = 1;
        m.a += whole;
        m.b = last;
        m.start = NULL;
        m.adds = true;
        ck_run_rows(loops, m, now.vectors, rows);
    }
}

typedef float four __attribute__((vector_size(16), aligned(4), may_alias));

// The 4×4 numbers at x, whose rows lie `x_row` apart, with rows and columns exchanged.
static void exchange_four(const float *x, int64_t x_row, float *y, int64_t y_row) {
    four a = *(const four *)x, b = *(const four *)(x + x_row);
    four c = *(const four *)(x + 2 * x_row), d = *(const four *)(x + 3 * x_row);
    four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    *(four *)y = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(four *)(y + y_row) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(four *)(y + 2 * y_row) = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(four *)(y + 3 * y_row) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

// y [columns, rows] = xᵀ of x [rows, columns].
static void exchange(int64_t rows, int64_t columns, const float *x, float *y) {
    int64_t whole_rows = rows / 4 * 4, whole_columns = columns / 4 * 4;
    for (int64_t row = 0; row < whole_rows; row += 4) {
        for (int64_t column = 0; column < whole_columns; column += 4) {
            exchange_four(x + row * columns + column, columns, y + column * rows + row, rows);
        }
    }
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t column = row < whole_rows ? whole_columns : 0; column < columns; column++) {
            y[column * rows + row] = x[row * columns + column];
        }
    }
}

void ck_small_product_by_transposed(
    int64_t rows, int64_t inner, int64_t columns, const float *a, const float *b, float *y,
    float *scratch) {
    exchange(columns, inner, b, scratch);
    ck_small_product(rows, inner, columns, a, scratch, NULL, y);
}

void ck_small_product_transposed(
    int64_t rows, int64_t inner, int64_t columns, const float *a, const float *b, float *y) {
    const ck_table *loops = ck_loops();
    band now = {0};
    for (int64_t column = 0; column < columns; column = end_of(loops, now)) {
        now = band_at(loops, column, columns);
        const ck_tile *tiles = loops->outer_tiles[now.vectors - 1];
        int64_t most = loops->tile_rows[now.vectors - 1];
        ck_product m = {
            .outer = 1, .inner = inner, .a_row = rows, .b = b + column, .b_row = columns,
            .y_row = columns, .rest = now.rest};
        for (int64_t row = 0; row < rows; row += most) {
            m.a = a + row;
            m.y = y + row * columns + column;
            tiles[ck_min(most, rows - row) - 1](&m);
        }
    }
}
