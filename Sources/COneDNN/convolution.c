// Convolutions and their gradients.
#include "primitive.h"

#if MDNN_HAS_HEADERS

static dnnl_status_t convolution_descriptor(
    dnnl_primitive_desc_t *result, const mdnn_layout *x, const mdnn_layout *weights,
    const mdnn_layout *bias, const mdnn_layout *y, const mdnn_window *w) {
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
    dnnl_dims_t dilation;
    mdnn_gaps(w, dilation);
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = mdnn.dnnl_convolution_forward_primitive_desc_create(
        result, mdnn.engine, dnnl_forward_training, dnnl_convolution_direct, MD(x), MD(weights),
        MD(bias), MD(y), w->stride, dilation, w->padding_low, w->padding_high, attributes);
#else
    dnnl_convolution_desc_t description;
    dnnl_status_t status = mdnn.dnnl_dilated_convolution_forward_desc_init(
        &description, dnnl_forward_training, dnnl_convolution_direct, MD(x), MD(weights),
        MD(bias), MD(y), w->stride, dilation, w->padding_low, w->padding_high);
    if (status == dnnl_success)
        status = mdnn.dnnl_primitive_desc_create(
            result, &description, attributes, mdnn.engine, NULL);
#endif
    mdnn.dnnl_primitive_attr_destroy(attributes);
    return status;
}

mdnn_primitive *mdnn_convolution(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *bias,
    const mdnn_layout *y, const mdnn_window *window) {
    dnnl_primitive_desc_t descriptor = NULL;
    dnnl_status_t status =
        convolution_descriptor(&descriptor, x, weights, bias, y, window);
    return mdnn_finish(status, descriptor, "convolution");
}

mdnn_primitive *mdnn_convolution_input_gradient(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *y,
    const mdnn_window *w) {
    dnnl_primitive_desc_t hint = NULL, descriptor = NULL;
    dnnl_status_t status = convolution_descriptor(&hint, x, weights, NULL, y, w);
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
    dnnl_dims_t dilation;
    mdnn_gaps(w, dilation);
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        status = mdnn.dnnl_convolution_backward_data_primitive_desc_create(
            &descriptor, mdnn.engine, dnnl_convolution_direct, MD(x), MD(weights), MD(y),
            w->stride, dilation, w->padding_low, w->padding_high, hint, attributes);
#else
        dnnl_convolution_desc_t description;
        status = mdnn.dnnl_dilated_convolution_backward_data_desc_init(
            &description, dnnl_convolution_direct, MD(x), MD(weights), MD(y), w->stride,
            dilation, w->padding_low, w->padding_high);
        if (status == dnnl_success)
            status = mdnn.dnnl_primitive_desc_create(
                &descriptor, &description, attributes, mdnn.engine, hint);
#endif
    }
    mdnn.dnnl_primitive_attr_destroy(attributes);
    mdnn_destroy_descriptor(hint);
    return mdnn_finish(status, descriptor, "convolution gradient");
}

mdnn_primitive *mdnn_convolution_weight_gradient(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *bias,
    const mdnn_layout *y, const mdnn_window *w) {
    dnnl_primitive_desc_t hint = NULL, descriptor = NULL;
    dnnl_status_t status = convolution_descriptor(&hint, x, weights, bias, y, w);
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
    dnnl_dims_t dilation;
    mdnn_gaps(w, dilation);
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        status = mdnn.dnnl_convolution_backward_weights_primitive_desc_create(
            &descriptor, mdnn.engine, dnnl_convolution_direct, MD(x), MD(weights), MD(bias),
            MD(y), w->stride, dilation, w->padding_low, w->padding_high, hint, attributes);
#else
        dnnl_convolution_desc_t description;
        status = mdnn.dnnl_dilated_convolution_backward_weights_desc_init(
            &description, dnnl_convolution_direct, MD(x), MD(weights), MD(bias), MD(y),
            w->stride, dilation, w->padding_low, w->padding_high);
        if (status == dnnl_success)
            status = mdnn.dnnl_primitive_desc_create(
                &descriptor, &description, attributes, mdnn.engine, hint);
#endif
    }
    mdnn.dnnl_primitive_attr_destroy(attributes);
    mdnn_destroy_descriptor(hint);
    return mdnn_finish(status, descriptor, "convolution gradient");
}

#endif
