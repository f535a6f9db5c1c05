// What the makers of primitives share.
#pragma once

#include "library.h"

#if MDNN_HAS_HEADERS

#if DNNL_VERSION_MAJOR >= 3
#define MD(layout) ((layout) ? (layout)->descriptor : NULL)
#else
#define MD(layout) ((layout) ? &(layout)->descriptor : NULL)
#endif

// Attributes with a scratchpad of the caller's.
dnnl_primitive_attr_t mdnn_make_attributes(void);

// Turns a description into a primitive; takes over `descriptor`.
mdnn_primitive *mdnn_finish(
    dnnl_status_t status, dnnl_primitive_desc_t descriptor, const char *what);

void mdnn_destroy_descriptor(dnnl_primitive_desc_t descriptor);

// oneDNN counts the gaps between the taps of a dilated kernel, so 0 means none.
void mdnn_gaps(const mdnn_window *window, dnnl_dims_t result);

#endif
