// The functions of the library that was opened; shared by the files of the shim.
#pragma once

#include "COneDNN.h"

#if __has_include(<oneapi/dnnl/dnnl.h>)
#define MDNN_HAS_HEADERS 1
#include <oneapi/dnnl/dnnl.h>
#else
#define MDNN_HAS_HEADERS 0
#endif

// Remembers a text for mdnn_last_error; returns NULL for the convenience of makers.
void *mdnn_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#if MDNN_HAS_HEADERS

#define MDNN_COMMON_FUNCTIONS(X) \
    X(dnnl_version) \
    X(dnnl_get_effective_cpu_isa) \
    X(dnnl_set_verbose) \
    X(dnnl_engine_create) \
    X(dnnl_stream_create) \
    X(dnnl_memory_create) \
    X(dnnl_memory_destroy) \
    X(dnnl_memory_desc_equal) \
    X(dnnl_memory_desc_get_size) \
    X(dnnl_primitive_create) \
    X(dnnl_primitive_destroy) \
    X(dnnl_primitive_execute) \
    X(dnnl_primitive_desc_destroy) \
    X(dnnl_primitive_desc_query) \
    X(dnnl_primitive_desc_query_md) \
    X(dnnl_primitive_attr_create) \
    X(dnnl_primitive_attr_destroy) \
    X(dnnl_primitive_attr_set_scratchpad_mode) \
    X(dnnl_reorder_primitive_desc_create)

#if DNNL_VERSION_MAJOR >= 3
#define MDNN_FUNCTIONS(X) \
    MDNN_COMMON_FUNCTIONS(X) \
    X(dnnl_memory_desc_create_with_strides) \
    X(dnnl_memory_desc_create_with_tag) \
    X(dnnl_memory_desc_clone) \
    X(dnnl_memory_desc_destroy) \
    X(dnnl_convolution_forward_primitive_desc_create) \
    X(dnnl_convolution_backward_data_primitive_desc_create) \
    X(dnnl_convolution_backward_weights_primitive_desc_create) \
    X(dnnl_matmul_primitive_desc_create) \
    X(dnnl_pooling_forward_primitive_desc_create) \
    X(dnnl_pooling_backward_primitive_desc_create) \
    X(dnnl_batch_normalization_forward_primitive_desc_create) \
    X(dnnl_batch_normalization_backward_primitive_desc_create) \
    X(dnnl_layer_normalization_forward_primitive_desc_create) \
    X(dnnl_layer_normalization_backward_primitive_desc_create)
#else
#define MDNN_FUNCTIONS(X) \
    MDNN_COMMON_FUNCTIONS(X) \
    X(dnnl_memory_desc_init_by_strides) \
    X(dnnl_memory_desc_init_by_tag) \
    X(dnnl_primitive_desc_create) \
    X(dnnl_dilated_convolution_forward_desc_init) \
    X(dnnl_dilated_convolution_backward_data_desc_init) \
    X(dnnl_dilated_convolution_backward_weights_desc_init) \
    X(dnnl_matmul_desc_init) \
    X(dnnl_pooling_forward_desc_init) \
    X(dnnl_pooling_backward_desc_init) \
    X(dnnl_batch_normalization_forward_desc_init) \
    X(dnnl_batch_normalization_backward_desc_init) \
    X(dnnl_layer_normalization_forward_desc_init) \
    X(dnnl_layer_normalization_backward_desc_init)
#endif

// The opened functions by their own names: mdnn.dnnl_engine_create(…).
struct mdnn_library {
#define MDNN_FIELD(name) __typeof__(&name) name;
    MDNN_FUNCTIONS(MDNN_FIELD)
#undef MDNN_FIELD
    dnnl_engine_t engine;
    dnnl_stream_t stream;
};
extern struct mdnn_library mdnn;

struct mdnn_layout {
    dnnl_memory_desc_t descriptor;
};


#endif
