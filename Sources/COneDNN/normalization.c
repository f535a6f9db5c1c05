// Normalisation, without scale and shift (those are fused with their neighbours).
#include "primitive.h"

#if MDNN_HAS_HEADERS

static dnnl_status_t batch_norm_descriptor(
    dnnl_primitive_desc_t *result, const mdnn_layout *x, float epsilon) {
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = mdnn.dnnl_batch_normalization_forward_primitive_desc_create(
        result, mdnn.engine, dnnl_forward_training, MD(x), MD(x), epsilon,
        dnnl_normalization_flags_none, attributes);
#else
    dnnl_batch_normalization_desc_t description;
    dnnl_status_t status = mdnn.dnnl_batch_normalization_forward_desc_init(
        &description, dnnl_forward_training, MD(x), epsilon, dnnl_normalization_flags_none);
    if (status == dnnl_success)
        status = mdnn.dnnl_primitive_desc_create(
            result, &description, attributes, mdnn.engine, NULL);
#endif
    mdnn.dnnl_primitive_attr_destroy(attributes);
    return status;
}

mdnn_primitive *mdnn_batch_norm(const mdnn_layout *x, float epsilon) {
    dnnl_primitive_desc_t descriptor = NULL;
    dnnl_status_t status = batch_norm_descriptor(&descriptor, x, epsilon);
    return mdnn_finish(status, descriptor, "batch normalisation");
}

mdnn_primitive *mdnn_batch_norm_gradient(const mdnn_layout *x, float epsilon) {
    dnnl_primitive_desc_t hint = NULL, descriptor = NULL;
    dnnl_status_t status = batch_norm_descriptor(&hint, x, epsilon);
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        status = mdnn.dnnl_batch_normalization_backward_primitive_desc_create(
            &descriptor, mdnn.engine, dnnl_backward_data, MD(x), MD(x), MD(x), epsilon,
            dnnl_normalization_flags_none, hint, attributes);
#else
        dnnl_batch_normalization_desc_t description;
        status = mdnn.dnnl_batch_normalization_backward_desc_init(
            &description, dnnl_backward_data, MD(x), MD(x), epsilon,
            dnnl_normalization_flags_none);
        if (status == dnnl_success)
            status = mdnn.dnnl_primitive_desc_create(
                &descriptor, &description, attributes, mdnn.engine, hint);
#endif
    }
    mdnn.dnnl_primitive_attr_destroy(attributes);
    mdnn_destroy_descriptor(hint);
    return mdnn_finish(status, descriptor, "batch normalisation gradient");
}

static dnnl_status_t layer_norm_descriptor(
    dnnl_primitive_desc_t *result, const mdnn_layout *x, float epsilon) {
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = mdnn.dnnl_layer_normalization_forward_primitive_desc_create(
        result, mdnn.engine, dnnl_forward_training, MD(x), MD(x), NULL, epsilon,
        dnnl_normalization_flags_none, attributes);
#else
    dnnl_layer_normalization_desc_t description;
    dnnl_status_t status = mdnn.dnnl_layer_normalization_forward_desc_init(
        &description, dnnl_forward_training, MD(x), NULL, epsilon,
        dnnl_normalization_flags_none);
    if (status == dnnl_success)
        status = mdnn.dnnl_primitive_desc_create(
            result, &description, attributes, mdnn.engine, NULL);
#endif
    mdnn.dnnl_primitive_attr_destroy(attributes);
    return status;
}

mdnn_primitive *mdnn_layer_norm(const mdnn_layout *x, float epsilon) {
    dnnl_primitive_desc_t descriptor = NULL;
    dnnl_status_t status = layer_norm_descriptor(&descriptor, x, epsilon);
    return mdnn_finish(status, descriptor, "layer normalisation");
}

mdnn_primitive *mdnn_layer_norm_gradient(const mdnn_layout *x, float epsilon) {
    dnnl_primitive_desc_t hint = NULL, descriptor = NULL;
    dnnl_status_t status = layer_norm_descriptor(&hint, x, epsilon);
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        status = mdnn.dnnl_layer_normalization_backward_primitive_desc_create(
            &descriptor, mdnn.engine, dnnl_backward_data, MD(x), MD(x), MD(x), NULL, epsilon,
            dnnl_normalization_flags_none, hint, attributes);
#else
        dnnl_layer_normalization_desc_t description;
        status = mdnn.dnnl_layer_normalization_backward_desc_init(
            &description, dnnl_backward_data, MD(x), MD(x), NULL, epsilon,
            dnnl_normalization_flags_none);
        if (status == dnnl_success)
            status = mdnn.dnnl_primitive_desc_create(
                &descriptor, &description, attributes, mdnn.engine, hint);
#endif
    }
    mdnn.dnnl_primitive_attr_destroy(attributes);
    mdnn_destroy_descriptor(hint);
    return mdnn_finish(status, descriptor, "layer normalisation gradient");
}

#endif
