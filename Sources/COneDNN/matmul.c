// Matrix products.
#include "primitive.h"

#if MDNN_HAS_HEADERS

mdnn_primitive *mdnn_matmul(
    const mdnn_layout *a, const mdnn_layout *b, const mdnn_layout *bias, const mdnn_layout *y) {
    dnnl_primitive_desc_t descriptor = NULL;
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = mdnn.dnnl_matmul_primitive_desc_create(
        &descriptor, mdnn.engine, MD(a), MD(b), MD(bias), MD(y), attributes);
#else
    dnnl_matmul_desc_t description;
    dnnl_status_t status =
        mdnn.dnnl_matmul_desc_init(&description, MD(a), MD(b), MD(bias), MD(y));
    if (status == dnnl_success)
        status = mdnn.dnnl_primitive_desc_create(
            &descriptor, &description, attributes, mdnn.engine, NULL);
#endif
    mdnn.dnnl_primitive_attr_destroy(attributes);
    return mdnn_finish(status, descriptor, "matrix product");
}

#endif
