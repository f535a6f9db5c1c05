// What a build without oneDNN's headers answers: nothing can be made.
#include "library.h"

#if !MDNN_HAS_HEADERS

mdnn_primitive *mdnn_convolution(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *bias, const mdnn_layout *y, const mdnn_window *window) {
    return (void)x, (void)weights, (void)bias, (void)y, (void)window, NULL;
}
mdnn_primitive *mdnn_convolution_input_gradient(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *y, const mdnn_window *window) {
    return (void)x, (void)weights, (void)y, (void)window, NULL;
}
mdnn_primitive *mdnn_convolution_weight_gradient(
    const mdnn_layout *x, const mdnn_layout *weights, const mdnn_layout *bias, const mdnn_layout *y, const mdnn_window *window) {
    return (void)x, (void)weights, (void)bias, (void)y, (void)window, NULL;
}
mdnn_primitive *mdnn_matmul(
    const mdnn_layout *a, const mdnn_layout *b, const mdnn_layout *bias, const mdnn_layout *y) {
    return (void)a, (void)b, (void)bias, (void)y, NULL;
}
mdnn_primitive *mdnn_average_pooling(
    bool counts_padding, const mdnn_layout *x, const mdnn_layout *y, const mdnn_window *window) {
    return (void)counts_padding, (void)x, (void)y, (void)window, NULL;
}
mdnn_primitive *mdnn_average_pooling_gradient(
    bool counts_padding, const mdnn_layout *x, const mdnn_layout *y, const mdnn_window *window) {
    return (void)counts_padding, (void)x, (void)y, (void)window, NULL;
}
mdnn_primitive *mdnn_batch_norm(
    const mdnn_layout *x, float epsilon) {
    return (void)x, (void)epsilon, NULL;
}
mdnn_primitive *mdnn_batch_norm_gradient(
    const mdnn_layout *x, float epsilon) {
    return (void)x, (void)epsilon, NULL;
}
mdnn_primitive *mdnn_layer_norm(
    const mdnn_layout *x, float epsilon) {
    return (void)x, (void)epsilon, NULL;
}
mdnn_primitive *mdnn_layer_norm_gradient(
    const mdnn_layout *x, float epsilon) {
    return (void)x, (void)epsilon, NULL;
}
mdnn_primitive *mdnn_reorder(
    const mdnn_layout *from, const mdnn_layout *to) {
    return (void)from, (void)to, NULL;
}
void mdnn_primitive_free(mdnn_primitive *primitive) { (void)primitive; }
const char *mdnn_primitive_implementation(const mdnn_primitive *primitive) {
    return (void)primitive, "none";
}
mdnn_layout *mdnn_primitive_layout(const mdnn_primitive *primitive, int argument) {
    return (void)primitive, (void)argument, NULL;
}
bool mdnn_primitive_bind(mdnn_primitive *primitive, int argument, void *data) {
    return (void)primitive, (void)argument, (void)data, false;
}
int mdnn_primitive_run(const mdnn_primitive *primitive) { return (void)primitive, 1; }

#endif
