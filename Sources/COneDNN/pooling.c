// Average pooling and its gradient.
#include "primitive.h"

#if MDNN_HAS_HEADERS

static dnnl_alg_kind_t pooling_kind(bool counts_padding) {
    return counts_padding ? dnnl_pooling_avg_include_padding : dnnl_pooling_avg_exclude_padding;
}

static dnnl_status_t pooling_descriptor(
    dnnl_primitive_desc_t *result, bool counts_padding, const mdnn_layout *x, const mdnn_layout *y,
    const mdnn_window *w) {
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
#if DNNL_VERSION_MAJOR >= 3
    dnnl_dims_t dilation;
    mdnn_gaps(w, dilation);
    dnnl_status_t status = mdnn.dnnl_pooling_forward_primitive_desc_create(
        result, mdnn.engine, dnnl_forward_training, pooling_kind(counts_padding), MD(x), MD(y), w->stride,
        w->kernel, dilation, w->padding_low, w->padding_high, attributes);
#else
    dnnl_pooling_desc_t description;
    dnnl_status_t status = mdnn.dnnl_pooling_forward_desc_init(
        &description, dnnl_forward_training, pooling_kind(counts_padding), MD(x), MD(y), w->stride,
        w->kernel, w->padding_low, w->padding_high);
    if (status == dnnl_success)
        status = mdnn.dnnl_primitive_desc_create(
            result, &description, attributes, mdnn.engine, NULL);
#endif
    mdnn.dnnl_primitive_attr_destroy(attributes);
    return status;
}

mdnn_primitive *mdnn_average_pooling(
    bool counts_padding, const mdnn_layout *x, const mdnn_layout *y, const mdnn_window *window) {
    dnnl_primitive_desc_t descriptor = NULL;
    dnnl_status_t status = pooling_descriptor(&descriptor, counts_padding, x, y, window);
    return mdnn_finish(status, descriptor, "pooling");
}

mdnn_primitive *mdnn_average_pooling_gradient(
    bool counts_padding, const mdnn_layout *x, const mdnn_layout *y, const mdnn_window *w) {
    dnnl_primitive_desc_t hint = NULL, descriptor = NULL;
    dnnl_status_t status = pooling_descriptor(&hint, counts_padding, x, y, w);
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        dnnl_dims_t dilation;
        mdnn_gaps(w, dilation);
        status = mdnn.dnnl_pooling_backward_primitive_desc_create(
            &descriptor, mdnn.engine, pooling_kind(counts_padding), MD(x), MD(y), w->stride, w->kernel,
            dilation, w->padding_low, w->padding_high, hint, attributes);
#else
        dnnl_pooling_desc_t description;
        status = mdnn.dnnl_pooling_backward_desc_init(
            &description, pooling_kind(counts_padding), MD(x), MD(y), w->stride, w->kernel,
            w->padding_low, w->padding_high);
        if (status == dnnl_success)
            status = mdnn.dnnl_primitive_desc_create(
                &descriptor, &description, attributes, mdnn.engine, hint);
#endif
    }
    mdnn.dnnl_primitive_attr_destroy(attributes);
    mdnn_destroy_descriptor(hint);
    return mdnn_finish(status, descriptor, "pooling gradient");
}

#endif
