// The only place that knows oneDNN and its versions.
//
// The library is opened at run time, so that a program built here also starts where oneDNN is absent.
// Compiles against the headers of oneDNN 2.6 and 3.x; without headers every call says so.
// All values are f32. A function that makes something returns NULL when oneDNN cannot do it, and
// mdnn_last_error tells why.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MDNN_MAX_RANK 6

// ---------------------------------------------------------------------------------------------
// The library

// Opens the library: `path`, or the system's when NULL. `threads` > 0 fixes the number of threads.
// Returns false, with a text for people in mdnn_last_error, when there is none that fits.
bool mdnn_load(const char *path, int threads);

// What went wrong last on this thread.
const char *mdnn_last_error(void);

// The version of the library that was opened.
void mdnn_version(int version[3]);

// The instruction set that oneDNN uses, "avx512_core" for example.
const char *mdnn_instruction_set(void);

// A function of the thread library behind oneDNN (GOMP_parallel …), or NULL.
void *mdnn_symbol(const char *name);

// Lets oneDNN print a line for each primitive it executes (2) or be silent (0).
void mdnn_set_verbose(int level);

// ---------------------------------------------------------------------------------------------
// Layouts: how the elements of a tensor lie in memory

typedef struct mdnn_layout mdnn_layout;

// Element (i, j, …) lies at i·strides[0] + j·strides[1] + …
mdnn_layout *mdnn_layout_strided(int rank, const int64_t *dims, const int64_t *strides);

// Lets the primitive that is made with it choose.
mdnn_layout *mdnn_layout_any(int rank, const int64_t *dims);

mdnn_layout *mdnn_layout_copy(const mdnn_layout *layout);
void mdnn_layout_free(mdnn_layout *layout);
bool mdnn_layout_equal(const mdnn_layout *a, const mdnn_layout *b);

// The bytes that the tensor takes, padding included.
size_t mdnn_layout_size(const mdnn_layout *layout);

// ---------------------------------------------------------------------------------------------
// Primitives

typedef struct mdnn_primitive mdnn_primitive;

// Arguments of primitives.
enum {
    MDNN_SOURCE = 1,
    MDNN_DESTINATION = 17,
    MDNN_WEIGHTS = 33,
    MDNN_BIAS = 41,
    MDNN_MEAN = 49,
    MDNN_VARIANCE = 50,
    MDNN_SCRATCHPAD = 80,
    MDNN_SOURCE_GRADIENT = 129,
    MDNN_DESTINATION_GRADIENT = 145,
    MDNN_WEIGHTS_GRADIENT = 161,
    MDNN_BIAS_GRADIENT = 169,
};

// A window over height and width. A dilation of 1 means none.
typedef struct {
    int64_t kernel[2], stride[2], dilation[2], padding_low[2], padding_high[2];
} mdnn_window;

// y = convolution(x, weights) [+ bias]; weights have five axes when there are groups.
mdnn_primitive *mdnn_convolution(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *bias,
    const mdnn_layout *y, const mdnn_window *window);
mdnn_primitive *mdnn_convolution_input_gradient(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *y,
    const mdnn_window *window);
mdnn_primitive *mdnn_convolution_weight_gradient(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *bias,
    const mdnn_layout *y, const mdnn_window *window);

// y = a · b [+ bias], over the last two axes.
mdnn_primitive *mdnn_matmul(
    const mdnn_layout *a, const mdnn_layout *b, const mdnn_layout *bias, const mdnn_layout *y);

// The mean of each window, without dilation; padding counts in the divisor or not.
mdnn_primitive *mdnn_average_pooling(
    bool counts_padding, const mdnn_layout *x, const mdnn_layout *y, const mdnn_window *window);
mdnn_primitive *mdnn_average_pooling_gradient(
    bool counts_padding, const mdnn_layout *x, const mdnn_layout *y, const mdnn_window *window);

// y = (x − mean) / √(variance + ε) over all axes but 1; writes mean and variance.
mdnn_primitive *mdnn_batch_norm(const mdnn_layout *x, float epsilon);
mdnn_primitive *mdnn_batch_norm_gradient(const mdnn_layout *x, float epsilon);

// y = (x − mean) / √(variance + ε) over the last axis; writes mean and variance.
mdnn_primitive *mdnn_layer_norm(const mdnn_layout *x, float epsilon);
mdnn_primitive *mdnn_layer_norm_gradient(const mdnn_layout *x, float epsilon);

// Copies from one layout to another.
mdnn_primitive *mdnn_reorder(const mdnn_layout *from, const mdnn_layout *to);

void mdnn_primitive_free(mdnn_primitive *primitive);

// The name of the implementation that oneDNN chose.
const char *mdnn_primitive_implementation(const mdnn_primitive *primitive);

// The layout of an argument, new and owned by the caller; NULL when there is no such argument.
mdnn_layout *mdnn_primitive_layout(const mdnn_primitive *primitive, int argument);

// Fixes where an argument lies from now on. False when memory runs out.
bool mdnn_primitive_bind(mdnn_primitive *primitive, int argument, void *data);

// Runs; every argument must be bound. Returns 0, or oneDNN's status.
int mdnn_primitive_run(const mdnn_primitive *primitive);
