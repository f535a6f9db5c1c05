// The iteration space of a program: fewer and longer axes, in the order of memory.

#include "internal.h"

static void copy_axis(ck_program *program, bool *reduced, int to, int from) {
    program->dims[to] = program->dims[from];
    for (int i = 0; i < program->input_count; i++) {
        program->inputs[i].strides[to] = program->inputs[i].strides[from];
    }
    for (int o = 0; o < program->output_count; o++) {
        program->outputs[o].strides[to] = program->outputs[o].strides[from];
    }
    if (reduced != NULL) reduced[to] = reduced[from];
}

// Whether a step along `axis` is as long as the whole of the axis after it.
static bool steps_alike(const ck_operand *operand, int axis, int64_t inner_size) {
    return operand->strides[axis] == operand->strides[axis + 1] * inner_size;
}

static bool can_merge(const ck_program *program, const bool *reduced, int axis) {
    int64_t inner_size = program->dims[axis + 1];
    if (reduced != NULL && reduced[axis] != reduced[axis + 1]) return false;
    for (int i = 0; i < program->input_count; i++) {
        if (!steps_alike(&program->inputs[i], axis, inner_size)) return false;
    }
    for (int o = 0; o < program->output_count; o++) {
        if (!steps_alike(&program->outputs[o], axis, inner_size)) return false;
    }
    return true;
}

void ck_merge_axes(ck_program *program, bool *reduced) {
    int rank = 0;
    for (int axis = 0; axis < program->rank; axis++) {
        if (program->dims[axis] != 1) copy_axis(program, reduced, rank++, axis);
    }
    program->rank = rank;
    for (int axis = rank - 2; axis >= 0; axis--) {
        if (!can_merge(program, reduced, axis)) continue;
        int64_t size = program->dims[axis] * program->dims[axis + 1];
        copy_axis(program, reduced, axis, axis + 1);
        program->dims[axis] = size;
        for (int later = axis + 2; later < program->rank; later++) {
            copy_axis(program, reduced, later - 1, later);
        }
        program->rank--;
    }
}

void ck_permute_axes(ck_program *program, bool *reduced, const int *order) {
    int rank = program->rank;
    int64_t dims[CK_MAX_RANK];
    bool flags[CK_MAX_RANK] = {false};
    for (int axis = 0; axis < rank; axis++) {
        dims[axis] = program->dims[order[axis]];
        if (reduced != NULL) flags[axis] = reduced[order[axis]];
    }
    for (int n = 0; n < program->input_count + program->output_count; n++) {
        ck_operand *operand = n < program->input_count
            ? &program->inputs[n] : &program->outputs[n - program->input_count];
        int64_t strides[CK_MAX_RANK];
        for (int axis = 0; axis < rank; axis++) strides[axis] = operand->strides[order[axis]];
        for (int axis = 0; axis < rank; axis++) operand->strides[axis] = strides[axis];
    }
    for (int axis = 0; axis < rank; axis++) {
        program->dims[axis] = dims[axis];
        if (reduced != NULL) reduced[axis] = flags[axis];
    }
}

// The order of elements does not matter: axes go in the order in which the first output lies in
// memory, the longest steps first.
void ck_program_simplify(ck_program *program) {
    ck_merge_axes(program, NULL);
    if (program->rank < 2 || program->output_count == 0) return;
    int order[CK_MAX_RANK];
    const int64_t *strides = program->outputs[0].strides;
    for (int axis = 0; axis < program->rank; axis++) {
        int64_t step = strides[axis] < 0 ? -strides[axis] : strides[axis];
        int place = axis;
        for (; place > 0; place--) {
            int64_t other = strides[order[place - 1]];
            if ((other < 0 ? -other : other) >= step) break;
            order[place] = order[place - 1];
        }
        order[place] = axis;
    }
    ck_permute_axes(program, NULL, order);
    ck_merge_axes(program, NULL);
}
