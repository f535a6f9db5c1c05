// Layouts: memory descriptors, a value in oneDNN 2 and a handle in oneDNN 3.
#include "library.h"

#include <stdlib.h>

#if MDNN_HAS_HEADERS

static mdnn_layout *checked(mdnn_layout *layout, dnnl_status_t status) {
    if (status == dnnl_success) return layout;
    free(layout);
    return mdnn_fail("oneDNN refused a layout (status %d)", (int)status);
}

mdnn_layout *mdnn_layout_strided(int rank, const int64_t *dims, const int64_t *strides) {
    mdnn_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return mdnn_fail("out of memory");
#if DNNL_VERSION_MAJOR >= 3
    return checked(layout, mdnn.dnnl_memory_desc_create_with_strides(
        &layout->descriptor, rank, dims, dnnl_f32, strides));
#else
    return checked(layout, mdnn.dnnl_memory_desc_init_by_strides(
        &layout->descriptor, rank, dims, dnnl_f32, strides));
#endif
}

mdnn_layout *mdnn_layout_any(int rank, const int64_t *dims) {
    mdnn_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return mdnn_fail("out of memory");
#if DNNL_VERSION_MAJOR >= 3
    return checked(layout, mdnn.dnnl_memory_desc_create_with_tag(
        &layout->descriptor, rank, dims, dnnl_f32, dnnl_format_tag_any));
#else
    return checked(layout, mdnn.dnnl_memory_desc_init_by_tag(
        &layout->descriptor, rank, dims, dnnl_f32, dnnl_format_tag_any));
#endif
}

mdnn_layout *mdnn_layout_copy(const mdnn_layout *layout) {
    mdnn_layout *copy = calloc(1, sizeof *copy);
    if (!copy) return mdnn_fail("out of memory");
#if DNNL_VERSION_MAJOR >= 3
    return checked(copy, mdnn.dnnl_memory_desc_clone(&copy->descriptor, layout->descriptor));
#else
    copy->descriptor = layout->descriptor;
    return copy;
#endif
}

void mdnn_layout_free(mdnn_layout *layout) {
    if (!layout) return;
#if DNNL_VERSION_MAJOR >= 3
    mdnn.dnnl_memory_desc_destroy(layout->descriptor);
#endif
    free(layout);
}

bool mdnn_layout_equal(const mdnn_layout *a, const mdnn_layout *b) {
#if DNNL_VERSION_MAJOR >= 3
    return mdnn.dnnl_memory_desc_equal(a->descriptor, b->descriptor);
#else
    return mdnn.dnnl_memory_desc_equal(&a->descriptor, &b->descriptor);
#endif
}

size_t mdnn_layout_size(const mdnn_layout *layout) {
#if DNNL_VERSION_MAJOR >= 3
    return mdnn.dnnl_memory_desc_get_size(layout->descriptor);
#else
    return mdnn.dnnl_memory_desc_get_size(&layout->descriptor);
#endif
}

#else

mdnn_layout *mdnn_layout_strided(int rank, const int64_t *dims, const int64_t *strides) {
    return (void)rank, (void)dims, (void)strides, NULL;
}
mdnn_layout *mdnn_layout_any(int rank, const int64_t *dims) {
    return (void)rank, (void)dims, NULL;
}
mdnn_layout *mdnn_layout_copy(const mdnn_layout *layout) { return (void)layout, NULL; }
void mdnn_layout_free(mdnn_layout *layout) { (void)layout; }
bool mdnn_layout_equal(const mdnn_layout *a, const mdnn_layout *b) { return a == b; }
size_t mdnn_layout_size(const mdnn_layout *layout) { return (void)layout, 0; }

#endif
