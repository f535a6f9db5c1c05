// What the files of this target share: the table of loops of one instruction set, and the plan by which
// a program is evaluated.
#pragma once

#include "include/CKernels.h"

// ---------------------------------------------------------------------------------------------
// Loops of one instruction set

enum { CK_CLASS_COUNT = 3, CK_TYPE_COUNT = 6, CK_REDUCTION_COUNT = 4 };

// y[i] = operation(a[i], b[i], c[i]); y may be a, b or c. `scalars` tells which operands hold one
// number in all their elements.
typedef void (*ck_operation_loop)(
    void *y, const void *a, const void *b, const void *c, int scalars, int64_t count);
enum { CK_SCALAR_A = 1, CK_SCALAR_B = 2, CK_SCALAR_C = 4 };

// y[i] = x[i * stride], converted from memory to the register class.
typedef void (*ck_load_loop)(void *y, const void *x, int64_t stride, int64_t count);

// y[i * stride] = x[i], converted from the register class to memory.
typedef void (*ck_store_loop)(void *y, int64_t stride, const void *x, int64_t count);

// Folds lines of `length` elements: total[l] = fold(total[l], x[l, 0], x[l, 1], …). Totals are
// doubles for the floating-point classes and 64-bit integers for the integer class.
typedef void (*ck_line_fold)(void *total, const void *x, int64_t lines, int64_t length);

// Folds rows: total[k] = fold(total[k], x[0, k], x[1, k], …) for k < width. `scratch` has room for
// half of x.
typedef void (*ck_row_fold)(
    void *total, void *scratch, const void *x, int64_t rows, int64_t width);

// A product of a few rows with a few vectors of columns; see loops_convolution.h.
typedef struct {
    int64_t outer, inner;
    const float *a, *b, *start;
    float *y;
    int64_t a_row, a_outer, b_row, b_outer, y_row;
    int rest;       // lanes of the last vector
    bool adds;      // to what is in y
} ck_product;

typedef void (*ck_tile)(const ck_product *product);

// Adam's update of one parameter: mean = a · s + b · t of the old mean and the gradient, in either
// order, square = a · s + b² · t, weight − mean / (√square · scale + epsilon) · rate.
typedef struct {
    int64_t count;
    const float *weight, *mean[2], *square[2];
    float mean_shares[2], square_shares[2], scale, epsilon, rate;
    float *new_weight, *new_mean, *new_square;
    const struct ck_table *loops;
} ck_adam;

typedef struct ck_table {
    const char *name;
    ck_operation_loop operations[CK_CLASS_COUNT][CK_OPERATION_COUNT];
    ck_load_loop loads[CK_CLASS_COUNT][CK_TYPE_COUNT];
    ck_store_loop stores[CK_CLASS_COUNT][CK_TYPE_COUNT];
    ck_line_fold line_folds[CK_CLASS_COUNT][CK_REDUCTION_COUNT];
    ck_row_fold row_folds[CK_CLASS_COUNT][CK_REDUCTION_COUNT];
    // Rows of `axis` neighbours.
    void (*softmax_rows)(const float *x, float *y, int64_t rows, int64_t axis, bool logarithm);
    // `width` columns of `axis` elements that lie `stride` apart.
    void (*softmax_columns)(
        const float *x, float *y, int64_t axis, int64_t stride, int64_t width, bool logarithm);
    // The words of `count` Philox blocks from number `block`; count is a multiple of 8.
    void (*philox)(
        uint32_t *words, const int64_t key[2], uint32_t stream, uint64_t block, int64_t count);
    void (*uniform_f32)(float *y, const uint32_t *words, int64_t count);
    // One place of the windows of an output row, see loops_pool.h.
    void (*pool_start)(
        float *y, int32_t *places, const float *x, int64_t pixels, int64_t step,
        int64_t channels);
    void (*pool_update)(
        float *y, int32_t *places, const float *x, int64_t pixels, int64_t step,
        int64_t channels, int32_t place);
    void (*pool_assign)(
        float *dx, const float *dy, const int32_t *places, int64_t pixels, int64_t step,
        int64_t channels, int32_t place);
    void (*pool_add)(
        float *dx, const float *dy, const int32_t *places, int64_t pixels, int64_t step,
        int64_t channels, int32_t place);
    // All places of windows of two by two.
    void (*pool_four)(
        float *y, int32_t *places, const float *x, int64_t row, int64_t pixels, int64_t step,
        int64_t channels);
    void (*pool_four_assign)(
        float *dx, const float *dy, const int32_t *places, int64_t row, int64_t pixels,
        int64_t step, int64_t channels);
    // Bytes of pictures, see loops_picture.h.
    void (*picture_quads)(
        uint32_t *quads, const uint8_t *upper, const uint8_t *lower, int64_t count);
    void (*picture_row)(uint8_t *y, const ck_resampling *resampling, int64_t row);
    void (*picture_noise)(float *y, uint64_t state, int64_t words, float amplitude);
    void (*picture_fold)(
        float *y, const float *x, int64_t count, const float *taps, int64_t tap_count,
        int64_t stride);
    void (*picture_scale)(uint8_t *x, int64_t count, float scale, float shift);
    void (*picture_floats)(
        float *y, const uint8_t *x, int64_t count, double scale, double shift);
    void (*picture_mix)(
        float *y, const uint8_t *a, const uint8_t *b, int64_t count, float share);
    // By the number of vectors, then of rows, each less one.
    ck_tile product_tiles[4][8], outer_tiles[4][8];
    // The transforms of Winograd's convolutions, see loops_winograd.h.
    void (*winograd_image)(
        float *const pixels[16], float *to, int64_t apart, int64_t step, int64_t panel,
        int64_t channels);
    void (*winograd_result)(
        const float *from, int64_t apart, int64_t step, int64_t panel, int64_t channels,
        const float *bias, float *const pixels[4]);
    void (*winograd_result_gradient)(
        float *const pixels[4], float *to, int64_t apart, int64_t step, int64_t panel,
        int64_t channels);
    void (*winograd_image_gradient)(
        const float *from, int64_t apart, int64_t step, int64_t panel, int64_t channels,
        float *const pixels[16]);
    void (*winograd_weights)(
        const float *from, int64_t tap, float *to, int64_t apart, int64_t count);
    void (*winograd_weights_gradient)(
        const float *from, int64_t apart, float *to, int64_t tap, int64_t count);
    // Lanes of a vector, and the most rows with each number of vectors; 0 where there are no tiles.
    int64_t lane_count, tile_rows[4];
    // Elements first ..< last of an update.
    void (*adam)(const ck_adam *update, int64_t first, int64_t last);
    // Multiplies and adds on registers, for measuring; returns the number of operations.
    double (*arithmetic)(int64_t rounds, float *result);
} ck_table;

// The loops for this processor.
const ck_table *ck_loops(void);

extern const ck_table ck_table_baseline;
#if defined(__x86_64__)
extern const ck_table ck_table_avx2;
extern const ck_table ck_table_avx512;
#endif

static inline int64_t ck_type_size(int dtype) {
    return dtype == CK_F64 || dtype == CK_I64 ? 8 : dtype == CK_F32 || dtype == CK_I32 ? 4 : 1;
}

// Runs the tiles of some vectors of columns over all rows, in groups of about one size.
void ck_run_rows(const ck_table *loops, ck_product m, int64_t vectors, int64_t rows);

// Winograd's way of the convolutions in CKernels.h, see winograd.c.
void ck_winograd(
    const ck_convolution *shape, const float *x, const float *weights, const float *bias, float *y,
    void *scratch);
void ck_winograd_input_gradient(
    const ck_convolution *shape, const float *dy, const float *weights, float *dx, void *scratch);
void ck_winograd_weight_gradient(
    const ck_convolution *shape, const float *x, const float *dy, float *dweights, float *dbias,
    void *scratch);
// Bytes of scratch of the first two, and of the third.
int64_t ck_winograd_scratch(const ck_convolution *shape);
int64_t ck_winograd_weight_scratch(const ck_convolution *shape);

static inline int64_t ck_min(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t ck_max(int64_t a, int64_t b) { return a > b ? a : b; }
// The quotient, rounded up.
static inline int64_t ck_ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

// ---------------------------------------------------------------------------------------------
// Plans: how a program is evaluated, block by block

// A register buffer in bytes; a little more apart, so that equal places of two buffers do not
// compete for one set of the cache.
enum { CK_BLOCK_BYTES = 4096, CK_SLOT_BYTES = CK_BLOCK_BYTES + 128 };

// Where an input register's numbers come from.
enum {
    CK_FROM_MEMORY,     // read in place, contiguous over the whole space
    CK_FROM_ROW,        // read in place, contiguous along a row, with blocks inside rows
    CK_FROM_SCALAR,     // one number, spread over a buffer once
    CK_FROM_PERIOD,     // repeats within every block, loaded once
    CK_FROM_RANGE,      // loaded into a buffer for each block
};

// Where the number o of a program's outputs goes.
enum {
    CK_TO_MEMORY,       // written in place by the instruction (or load) that makes it
    CK_TO_RANGE,        // stored from its register at the end of each block
};

typedef struct {
    const ck_program *program;
    const ck_table *loops;
    int64_t total;          // elements of the iteration space
    int64_t class_size;     // bytes per register element
    int64_t row;            // size of the last axis
    int64_t limit;          // elements of a register buffer
    int64_t block;          // elements of a block
    bool within_rows;       // blocks do not cross the ends of rows
    double work;            // cost of one element, see ck_parallel_for
    uint8_t scalars[CK_MAX_REGISTERS];          // by instruction, see ck_operation_loop
    int slot_count;
    int8_t slots[CK_MAX_REGISTERS];             // buffer of a register, -1 without
    int8_t written_outputs[CK_MAX_REGISTERS];   // output that a register is written to, or -1
    uint8_t sources[CK_MAX_REGISTERS];          // by input
    bool contiguous_inputs[CK_MAX_REGISTERS];   // by input
    uint8_t targets[CK_MAX_REGISTERS];          // by output
    bool contiguous_outputs[CK_MAX_REGISTERS];  // by output
} ck_plan;

// One thread's registers.
typedef struct {
    void *registers[CK_MAX_REGISTERS];
} ck_frame;

// Plans `program`. Repeating operands may be loaded once only for axes from `first_period_axis` on.
// Without `stores` the program's outputs stay in their registers.
void ck_plan_make(
    ck_plan *plan, const ck_program *program, int first_period_axis, bool stores);

// The bytes of buffer that ck_frame_start wants.
static inline int64_t ck_plan_buffer_size(const ck_plan *plan) {
    return (int64_t)plan->slot_count * CK_SLOT_BYTES + 64;
}

// Gives a thread its registers and loads what never changes.
void ck_frame_start(ck_frame *frame, const ck_plan *plan, void *buffer);

// The length of the block that starts at `position`, at most up to `end`.
static inline int64_t ck_plan_block(const ck_plan *plan, int64_t position, int64_t end) {
    int64_t count = ck_min(plan->block, end - position);
    return plan->within_rows ? ck_min(count, plan->row - position % plan->row) : count;
}

// Computes elements position ..< position + count of the space, at most plan->limit.
void ck_evaluate(const ck_plan *plan, ck_frame *frame, int64_t position, int64_t count);

// Whether a program is Adam's update of arrays that lie in memory in one piece; then describes it.
bool ck_adam_matches(const ck_plan *plan, ck_adam *update);
void ck_adam_run(ck_adam *update);

// How the calling thread treats subnormal numbers, for ck_restore_float_mode.
uint32_t ck_float_mode(void);

// Loads or stores elements of a space from `position` on, in row-major order.
void ck_load_range(
    ck_load_loop load, const ck_operand *operand, int rank, const int64_t *dims,
    int64_t position, int64_t count, void *y, int64_t y_size);
void ck_store_range(
    ck_store_loop store, const ck_operand *operand, int rank, const int64_t *dims,
    int64_t position, int64_t count, const void *x, int64_t x_size);

// Drops axes of size 1 and merges neighbours that all operands step through alike. `reduced` may be
// NULL; axes merge only with their like.
void ck_merge_axes(ck_program *program, bool *reduced);

// Puts the axes in the given order.
void ck_permute_axes(ck_program *program, bool *reduced, const int *order);
