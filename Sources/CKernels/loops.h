// All loops of one instruction set. Included once per set with
//     CK_NAME(name)    a name of its own for this set
//     CK_SET_NAME      the set's name
//     CK_TARGET_…      which instructions the compiler may use, unless the baseline ones
// The loops are plain C that the compiler turns into vector code; the pragmas below give every
// function in between the wider instructions without any compiler flag.

#include "internal.h"

#include <float.h>
#include <math.h>
#include <string.h>

#if defined(__clang__)
#if defined(CK_TARGET_AVX512)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,avx2"), min_vector_width(512))), \
    apply_to = function)
#elif defined(CK_TARGET_AVX2)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#endif
// Iterations do not depend on each other, even where the result takes an operand's place.
#define CK_VECTOR_LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#pragma GCC push_options
#if defined(CK_TARGET_AVX512)
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,fma,avx2")
#elif defined(CK_TARGET_AVX2)
#pragma GCC target("avx2,fma")
#endif
#define CK_VECTOR_LOOP _Pragma("GCC ivdep")
#endif

#include "loops_math.h"
#include "loops_elementwise.h"
#include "loops_convert.h"
#include "loops_update.h"
#include "loops_fold.h"
#include "loops_softmax.h"
#include "loops_random.h"
#include "loops_pool.h"
#include "loops_picture.h"
#include "loops_convolution.h"
#include "loops_winograd.h"
#include "loops_measure.h"

#if defined(__clang__)
#if defined(CK_TARGET_AVX512) || defined(CK_TARGET_AVX2)
#pragma clang attribute pop
#endif
#else
#pragma GCC pop_options
#endif

#define CK_TYPES(prefix) \
    {CK_NAME(prefix##_f32), CK_NAME(prefix##_f64), CK_NAME(prefix##_i32), \
     CK_NAME(prefix##_i64), CK_NAME(prefix##_u8), CK_NAME(prefix##_bool)}
#define CK_FOLDS(prefix) \
    {CK_NAME(prefix##_sum), CK_NAME(prefix##_product), CK_NAME(prefix##_max), CK_NAME(prefix##_min)}

const ck_table CK_NAME(ck_table) = {
    .name = CK_SET_NAME,
    .operations = {CK_OPERATIONS(f32), CK_OPERATIONS(f64), CK_OPERATIONS(i64)},
    .loads = {CK_TYPES(load_f32), CK_TYPES(load_f64), CK_TYPES(load_i64)},
    .stores = {CK_TYPES(store_f32), CK_TYPES(store_f64), CK_TYPES(store_i64)},
    .line_folds = {CK_FOLDS(lines_f32), CK_FOLDS(lines_f64), CK_FOLDS(lines_i64)},
    .row_folds = {CK_FOLDS(rows_f32), CK_FOLDS(rows_f64), CK_FOLDS(rows_i64)},
    .softmax_rows = CK_NAME(softmax_rows),
    .softmax_columns = CK_NAME(softmax_columns),
    .philox = CK_NAME(philox),
    .uniform_f32 = CK_NAME(uniform_f32),
    .pool_start = CK_NAME(pool_start),
    .pool_update = CK_NAME(pool_update),
    .pool_assign = CK_NAME(pool_assign),
    .pool_add = CK_NAME(pool_add),
    .pool_four = CK_NAME(pool_four),
    .pool_four_assign = CK_NAME(pool_four_assign),
    .picture_quads = CK_NAME(picture_quads),
    .picture_row = CK_NAME(picture_row),
    .picture_noise = CK_NAME(picture_noise),
    .picture_fold = CK_NAME(picture_fold),
    .picture_scale = CK_NAME(picture_scale),
    .picture_floats = CK_NAME(picture_floats),
    .picture_mix = CK_NAME(picture_mix),
    .product_tiles = CK_ALL_TILES(product),
    .outer_tiles = CK_ALL_TILES(outer),
    .winograd_image = CK_NAME(winograd_image),
    .winograd_result = CK_NAME(winograd_result),
    .winograd_result_gradient = CK_NAME(winograd_result_gradient),
    .winograd_image_gradient = CK_NAME(winograd_image_gradient),
    .winograd_weights = CK_NAME(winograd_weights),
    .winograd_weights_gradient = CK_NAME(winograd_weights_gradient),
    .lane_count = CK_WIDTH,
    .tile_rows = {CK_ROWS_1, CK_ROWS_2, CK_ROWS_3, CK_ROWS_4},
    .adam = CK_NAME(adam),
    .arithmetic = CK_NAME(arithmetic),
};
