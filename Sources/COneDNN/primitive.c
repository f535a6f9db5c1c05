// Primitives: made once with their layouts, bound to memory, then run without any look-up.
//
// Each maker (see the other files) describes its operation in the way of the header's version and
// hands it to `mdnn_finish`. Scratchpads are always the caller's, so that a plan may run on any thread.
#include "primitive.h"

#include <stdlib.h>

#if MDNN_HAS_HEADERS

#define MAX_ARGUMENTS 12

struct mdnn_primitive {
    dnnl_primitive_desc_t descriptor;
    dnnl_primitive_t primitive;
    int argument_count;
    dnnl_exec_arg_t arguments[MAX_ARGUMENTS];
};

dnnl_primitive_attr_t mdnn_make_attributes(void) {
    dnnl_primitive_attr_t attributes = NULL;
    if (mdnn.dnnl_primitive_attr_create(&attributes) != dnnl_success) return NULL;
    mdnn.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    return attributes;
}

void mdnn_destroy_descriptor(dnnl_primitive_desc_t descriptor) {
    if (descriptor) mdnn.dnnl_primitive_desc_destroy(descriptor);
}

mdnn_primitive *mdnn_finish(
    dnnl_status_t status, dnnl_primitive_desc_t descriptor, const char *what) {
    mdnn_primitive *primitive = status == dnnl_success ? calloc(1, sizeof *primitive) : NULL;
    if (!primitive) {
        mdnn_destroy_descriptor(status == dnnl_success ? descriptor : NULL);
        return mdnn_fail("oneDNN has no %s for these shapes (status %d)", what, (int)status);
    }
    primitive->descriptor = descriptor;
    status = mdnn.dnnl_primitive_create(&primitive->primitive, descriptor);
    if (status != dnnl_success) {
        mdnn_primitive_free(primitive);
        return mdnn_fail("oneDNN could not make the %s (status %d)", what, (int)status);
    }
    return primitive;
}

void mdnn_gaps(const mdnn_window *window, dnnl_dims_t result) {
    for (int i = 0; i < 2; i++) result[i] = window->dilation[i] - 1;
}

mdnn_primitive *mdnn_reorder(const mdnn_layout *from, const mdnn_layout *to) {
    dnnl_primitive_desc_t descriptor = NULL;
    dnnl_primitive_attr_t attributes = mdnn_make_attributes();
    dnnl_status_t status = mdnn.dnnl_reorder_primitive_desc_create(
        &descriptor, MD(from), mdnn.engine, MD(to), mdnn.engine, attributes);
    mdnn.dnnl_primitive_attr_destroy(attributes);
    return mdnn_finish(status, descriptor, "reorder");
}

void mdnn_primitive_free(mdnn_primitive *primitive) {
    if (!primitive) return;
    for (int i = 0; i < primitive->argument_count; i++)
        mdnn.dnnl_memory_destroy(primitive->arguments[i].memory);
    if (primitive->primitive) mdnn.dnnl_primitive_destroy(primitive->primitive);
    mdnn_destroy_descriptor(primitive->descriptor);
    free(primitive);
}

const char *mdnn_primitive_implementation(const mdnn_primitive *primitive) {
    const char *name = NULL;
    mdnn.dnnl_primitive_desc_query(
        primitive->descriptor, dnnl_query_impl_info_str, 0, &name);
    return name ? name : "unknown";
}

// The descriptor of an argument as the library keeps it, in a layout that must not be freed.
static bool borrow_layout(
    const mdnn_primitive *primitive, int argument, struct mdnn_layout *result) {
#if DNNL_VERSION_MAJOR >= 3
    result->descriptor = (dnnl_memory_desc_t)mdnn.dnnl_primitive_desc_query_md(
        primitive->descriptor, dnnl_query_exec_arg_md, argument);
    return result->descriptor != NULL && mdnn_layout_size(result) > 0;
#else
    const dnnl_memory_desc_t *found = mdnn.dnnl_primitive_desc_query_md(
        primitive->descriptor, dnnl_query_exec_arg_md, argument);
    if (!found || found->ndims == 0) return false;
    result->descriptor = *found;
    return true;
#endif
}

mdnn_layout *mdnn_primitive_layout(const mdnn_primitive *primitive, int argument) {
    struct mdnn_layout borrowed;
    return borrow_layout(primitive, argument, &borrowed) ? mdnn_layout_copy(&borrowed) : NULL;
}

bool mdnn_primitive_bind(mdnn_primitive *primitive, int argument, void *data) {
    struct mdnn_layout borrowed;
    if (!borrow_layout(primitive, argument, &borrowed)) return true;
    const struct mdnn_layout *layout = &borrowed;
    dnnl_memory_t memory = NULL;
    if (primitive->argument_count == MAX_ARGUMENTS
        || mdnn.dnnl_memory_create(&memory, MD(layout), mdnn.engine, data) != dnnl_success) {
        mdnn_fail("oneDNN could not bind an argument");
        return false;
    }
    dnnl_exec_arg_t *slot = &primitive->arguments[primitive->argument_count++];
    slot->arg = argument;
    slot->memory = memory;
    return true;
}

int mdnn_primitive_run(const mdnn_primitive *primitive) {
    return (int)mdnn.dnnl_primitive_execute(
        primitive->primitive, mdnn.stream, primitive->argument_count, primitive->arguments);
}

#endif
