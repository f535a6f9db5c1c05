// Vectorised kernels for what oneDNN does poorly or not at all.
//
// Every kernel works on memory that the caller owns, allocates nothing while it runs, and picks the
// widest instruction set that the processor has. Results do not depend on the number of threads.
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernelsPictures.h"

#define CK_MAX_RANK 8
#define CK_MAX_REGISTERS 64

// Element types as they lie in memory.
enum { CK_F32, CK_F64, CK_I32, CK_I64, CK_U8, CK_BOOL };

// What a register of an elementwise program holds while it computes.
enum { CK_CLASS_F32, CK_CLASS_F64, CK_CLASS_I64 };

// ---------------------------------------------------------------------------------------------
// Threads

// The signature of GOMP_parallel: run `body(context)` on `threads` threads of the shared pool.
typedef void (*ck_parallel_entry)(
    void (*body)(void *), void *context, unsigned threads, unsigned flags);
typedef int (*ck_thread_number_entry)(void);

// Uses the pool behind `entry` from now on; NULL runs everything on the calling thread.
// `thread_number` gives each thread the same part of the work every time and may be
// NULL; a pool that runs fewer threads than asked for does no harm.
void ck_use_pool(ck_parallel_entry entry, ck_thread_number_entry thread_number, int threads);

// A function that fixes how many threads the pool gives to the calling thread from now on.
typedef void (*ck_thread_setter)(int);
void ck_use_thread_setter(ck_thread_setter setter);

// Lets kernels called by this thread, and everything else on the pool, use at most so many threads;
// 0 for all.
void ck_limit_threads(int threads);

// The number of threads that kernels may use.
int ck_thread_count(void);

// A body handles the items first ..< last.
typedef void (*ck_body)(void *context, int64_t first, int64_t last);

// Splits `items` into contiguous pieces, some for each thread. `work` is the whole cost in units of one
// simple vectorised operation on one element; little work stays on the calling thread.
void ck_parallel_for(int64_t items, double work, ck_body body, void *context);

// The same on at most so many threads, for bodies that have room of their own for each.
void ck_parallel_for_at_most(
    int64_t most, int64_t items, double work, ck_body body, void *context);

// The number of the thread among those that run the body which calls this, from 0.
int ck_thread_number(void);

// The number of threads that kernels called by this thread may use now, see ck_limit_threads.
int ck_allowed_threads(void);

// From now on the calling thread, and the pool's threads in kernels of ours that it calls, take numbers
// below 2^-126 as 0; arithmetic with them takes some processors a hundred times as long. Returns the
// mode before.
uint32_t ck_flush_subnormals(void);

// The same for the other threads of the pool, for ever and whoever's work they do.
void ck_flush_pool_subnormals(void);

// Puts the calling thread into a mode that ck_flush_subnormals returned.
void ck_restore_float_mode(uint32_t mode);

// Gives the calling thread a stack for handlers of signals, unless it has one; for the threads that run
// oneDNN's generated code, whose own stack such a handler would overwrite.
void ck_use_signal_stack(void);

// From now on `handler` hears a signal, on the stack of ck_use_signal_stack where the thread has one,
// and interrupted calls of the system go on. A signal that is ignored stays so. Returns whether the
// handler is in place; `before` gets what the signal did, for sigaction.
bool ck_handle_signal(int number, void (*handler)(int), struct sigaction *before);

// The instruction set the kernels picked: "avx512", "avx2", "neon" or "baseline".
const char *ck_instruction_set(void);

// The floats of one vector of that set.
int ck_lane_count(void);

// For tests: kernels called by this thread use the named set, or the best one again for NULL.
// False, and the best one, where the processor lacks it.
bool ck_use_instruction_set(const char *name);

// ---------------------------------------------------------------------------------------------
// Elementwise programs

// One operand: where its element (0, 0, …) lies and how far neighbours are apart, in elements.
// A stride of 0 repeats; strides may be negative.
typedef struct {
    void *data;
    int dtype;
    int64_t strides[CK_MAX_RANK];
} ck_operand;

// Operations on registers. Truth values are 0 and 1 in every register class. CK_DIVIDE_BYTE is a
// division, in class f32 by multiplications; it is for numbers a that a byte can hold and a divisor
// that ck_divides_bytes.
enum {
    CK_COPY, CK_NEGATE, CK_ABS, CK_SIGN, CK_EXP, CK_EXPM1, CK_LOG, CK_LOG1P, CK_SQRT, CK_RSQRT,
    CK_RECIPROCAL, CK_SIN, CK_COS, CK_ERF, CK_TANH, CK_SIGMOID, CK_RELU, CK_FLOOR, CK_NOT,
    CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_DIVIDE_BYTE, CK_POWER, CK_MAXIMUM, CK_MINIMUM,
    CK_AND, CK_OR, CK_EQUAL, CK_NOT_EQUAL, CK_LESS, CK_LESS_OR_EQUAL, CK_GREATER,
    CK_GREATER_OR_EQUAL,
    CK_SELECT,          // a != 0 ? b : c
    CK_MULTIPLY_ADD,    // a * b + c, rounded once or twice; a single number goes best as b or c
    CK_SUBTRACT_PRODUCT,// c - a * b, the same
    CK_WRAP_I32,        // class i64: keep the low 32 bits, sign-extended
    CK_WRAP_U8,         // class i64: keep the low 8 bits
    CK_OPERATION_COUNT
};

// registers[target] = operation(registers[a], registers[b], registers[c])
typedef struct {
    uint8_t operation, target, a, b, c;
} ck_instruction;

// A chain of elementwise operations over one iteration space.
//
// Registers 0 ..< input_count are loaded from the inputs (converted to the register class), the
// next constant_count hold constants, the rest are targets of instructions; a target is never an
// input or constant register, and each is written once. Output o is register output_registers[o],
// converted to the output's dtype (floats to integers truncate and saturate, NaN becomes 0;
// integers to integers wrap; to bool: != 0). An output may share its memory with an input that has
// the same strides and dtype (in place), and with no other memory.
typedef struct {
    int register_class;
    int rank;
    int64_t dims[CK_MAX_RANK];
    int input_count, constant_count, instruction_count, output_count;
    ck_operand *inputs;
    double *constants;
    ck_instruction *instructions;
    ck_operand *outputs;
    uint8_t *output_registers;
} ck_program;

// Whether CK_DIVIDE_BYTE divides all of 0 … 255 by a number exactly as CK_DIVIDE does.
bool ck_divides_bytes(float divisor);

// Merges neighbouring axes that all operands step through alike and drops axes of size 1. Called
// once; the data pointers may change between runs, nothing else may.
void ck_program_simplify(ck_program *program);

// Runs the program over the whole iteration space. Takes up to 300 kB of stack for 64 registers in
// use, 4 kB for each.
void ck_program_run(const ck_program *program);

// ---------------------------------------------------------------------------------------------
// Reductions of elementwise programs

enum { CK_SUM, CK_PRODUCT, CK_MAX, CK_MIN };

// Folds the program's only output register over the axes marked in `reduced`. The program's output
// operand is where the result goes; its strides on reduced axes are ignored. NaN wins max and min.
// Do not call ck_program_simplify on `program`; ck_reduction_simplify does its work.
typedef struct {
    ck_program program;
    int reduction;
    bool reduced[CK_MAX_RANK];
} ck_reduction;

void ck_reduction_simplify(ck_reduction *reduction);
void ck_reduction_run(const ck_reduction *reduction);

// ---------------------------------------------------------------------------------------------
// Kernels over [outer, axis, inner], row-major. `dtype` is the element type of the data.

void ck_softmax_f32(
    const float *x, float *y, int64_t outer, int64_t axis, int64_t inner, bool logarithm);
void ck_arg_reduce(
    int dtype, bool maximum, const void *x, int64_t *y, int64_t outer, int64_t axis, int64_t inner);
void ck_cumulative_sum(
    int dtype, bool reverse, const void *x, void *y, int64_t outer, int64_t axis, int64_t inner);

// y[o, i, n] = x[o, indices[i], n]; an index outside 0 ..< axis gives zeros.
void ck_gather(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count);

// y = 0; y[o, indices[i], n] += x[o, i, n] in the order of i; indices outside are skipped.
void ck_scatter_add(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count);

// y[o, i, n] = x[o, indices[o, i, n], n]
void ck_gather_along(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count);

// y = 0; y[o, indices[o, i, n], n] += x[o, i, n]
void ck_scatter_add_along(
    int dtype, const void *x, const void *indices, int index_dtype, void *y, int64_t outer,
    int64_t axis, int64_t inner, int64_t index_count);

// y[i, c] = indices[i] == c
void ck_one_hot(
    int dtype, const void *indices, int index_dtype, void *y, int64_t index_count,
    int64_t classes);

// y[0 ..< count] = value, converted to dtype.
void ck_fill(int dtype, void *y, int64_t count, double value);

// ---------------------------------------------------------------------------------------------
// Random numbers: Philox 4x32-10, key = seed, counter = (block, stream, step low, step high); element
// 4b + j comes from word j of block b.

// (word >> 8) * 2^-24 for f32; for f64 two words make 53 bits, see the implementation.
void ck_random_uniform(int dtype, const int64_t key[2], uint32_t stream, void *y, int64_t count);

// Box-Muller on pairs of words.
void ck_random_normal(int dtype, const int64_t key[2], uint32_t stream, void *y, int64_t count);

// ---------------------------------------------------------------------------------------------
// Max pooling over images with the channels of a pixel side by side; every pair is height, width

typedef struct {
    int64_t images, channels;
    int64_t size[2], output_size[2];
    int64_t kernel[2], stride[2], dilation[2];
    // Before the first row and column; what lies after the last follows from the sizes.
    int64_t padding[2];
} ck_pool;

// y = the largest number of each window; `places` remembers which of the window's places held it, the
// first in row-major order, the first NaN if there is one. Padding counts as minus infinity.
void ck_max_pool(const ck_pool *pool, const float *x, float *y, int32_t *places);

// dx = dy at the remembered places, 0 elsewhere; windows that overlap add up.
void ck_max_pool_gradient(
    const ck_pool *pool, const float *dy, const int32_t *places, float *dx);

// ---------------------------------------------------------------------------------------------
// Convolutions with a stride of 1, without dilation and groups. Images have the channels of a pixel
// side by side; weights are [kernel rows, kernel columns, in, out], row-major. `scratch` has as many
// bytes as the function beside each says.

// How a convolution is computed.
enum {
    CK_DIRECT,      // without padding
    CK_WINOGRAD,    // where ck_winograd_fits
};

typedef struct {
    int64_t images, in_channels, out_channels;
    int64_t size[2], output_size[2], kernel[2];
    int64_t padding[2];     // zeros above and on the left; those below and on the right follow
    int64_t method;
    int64_t rooms;          // threads that scratch has room for, at least 1; no more are used
} ck_convolution;

// Whether a convolution can be computed by Winograd's method: the window is 3×3, channels fill vectors.
bool ck_winograd_fits(const ck_convolution *shape);

// y = convolution(x, weights) + bias, which may be NULL.
void ck_convolve(
    const ck_convolution *shape, const float *x, const float *weights, const float *bias, float *y,
    void *scratch);
int64_t ck_convolution_scratch(const ck_convolution *shape);

void ck_convolve_input_gradient(
    const ck_convolution *shape, const float *dy, const float *weights, float *dx, void *scratch);
int64_t ck_convolution_input_scratch(const ck_convolution *shape);

// The gradients of the weights and of the bias, which may be NULL.
void ck_convolve_weight_gradient(
    const ck_convolution *shape, const float *x, const float *dy, float *dweights, float *dbias,
    void *scratch);
int64_t ck_convolution_weight_scratch(const ck_convolution *shape);

// ---------------------------------------------------------------------------------------------
// Products of small matrices, row-major, on the calling thread: nothing is packed and nobody waits

// Whether matrices with so many columns can be made.
bool ck_small_product_fits(int64_t columns);

// y [rows, columns] = a [rows, inner] · b [inner, columns] + bias, which may be NULL.
void ck_small_product(
    int64_t rows, int64_t inner, int64_t columns, const float *a, const float *b,
    const float *bias, float *y);

// y [rows, columns] = a [rows, inner] · bᵀ of b [columns, inner]; `scratch` has room for b.
void ck_small_product_by_transposed(
    int64_t rows, int64_t inner, int64_t columns, const float *a, const float *b, float *y,
    float *scratch);

// y [rows, columns] = aᵀ · b of a [inner, rows] and b [inner, columns].
void ck_small_product_transposed(
    int64_t rows, int64_t inner, int64_t columns, const float *a, const float *b, float *y);

// ---------------------------------------------------------------------------------------------
// What the machine can do, to hold kernels against

// Multiplications and additions per second that all threads together reach on registers, counted as
// two each, in 10^9; takes about `seconds`.
double ck_measure_arithmetic(double seconds);

// Bytes per second, in 10^9, that all threads together read and write while they add one array of
// `bytes` to another; takes about `seconds`. 0 when there is no memory.
double ck_measure_bandwidth(int64_t bytes, double seconds);
