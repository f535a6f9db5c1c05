// Runs a planned program: block by block, so that everything between loads and stores stays in the
// first-level cache, and within a block instruction by instruction, each a loop over whole vectors.

#include "internal.h"

#include <string.h>

// Where a walk over a space stands: the index of an element and the operand's place there.
typedef struct {
    int64_t index[CK_MAX_RANK];
    int64_t offset;
} walk;

static walk walk_from(const ck_operand *operand, int rank, const int64_t *dims, int64_t position) {
    walk here = {.offset = 0};
    for (int axis = rank - 1; axis >= 0; axis--) {
        int64_t rest = axis == 0 ? 0 : position / dims[axis];
        here.index[axis] = position - rest * dims[axis];
        here.offset += here.index[axis] * operand->strides[axis];
        position = rest;
    }
    return here;
}

// Moves `count` elements on along the last axis, at most to its end.
static void walk_on(
    walk *here, const ck_operand *operand, int rank, const int64_t *dims, int64_t count) {
    int axis = rank - 1;
    here->index[axis] += count;
    here->offset += count * operand->strides[axis];
    while (axis > 0 && here->index[axis] == dims[axis]) {
        here->index[axis] = 0;
        here->offset -= dims[axis] * operand->strides[axis];
        axis--;
        here->index[axis]++;
        here->offset += operand->strides[axis];
    }
}

// Copies the `row` elements at the start of `y` behind themselves until there are `rows` of them.
static void repeat_row(char *y, int64_t row, int64_t rows) {
    for (int64_t done = 1; done < rows;) {
        int64_t more = ck_min(done, rows - done);
        memcpy(y + done * row, y, (size_t)(more * row));
        done += more;
    }
}

void ck_load_range(
    ck_load_loop load, const ck_operand *operand, int rank, const int64_t *dims,
    int64_t position, int64_t count, void *y, int64_t y_size) {
    int64_t size = ck_type_size(operand->dtype);
    if (rank == 0) {
        load(y, operand->data, 0, count);
        return;
    }
    walk here = walk_from(operand, rank, dims, position);
    while (count > 0) {
        int64_t run = ck_min(dims[rank - 1] - here.index[rank - 1], count);
        load(y, (const char *)operand->data + here.offset * size, operand->strides[rank - 1], run);
        // A whole row that repeats along the axis before is loaded once.
        if (run == dims[rank - 1] && rank > 1 && operand->strides[rank - 2] == 0) {
            int64_t rows = ck_min(dims[rank - 2] - here.index[rank - 2], count / run);
            repeat_row(y, run * y_size, rows);
            for (int64_t row = 1; row < rows; row++) walk_on(&here, operand, rank, dims, run);
            y = (char *)y + (rows - 1) * run * y_size;
            count -= (rows - 1) * run;
        }
        y = (char *)y + run * y_size;
        count -= run;
        if (count > 0) walk_on(&here, operand, rank, dims, run);
    }
}

void ck_store_range(
    ck_store_loop store, const ck_operand *operand, int rank, const int64_t *dims,
    int64_t position, int64_t count, const void *x, int64_t x_size) {
    int64_t size = ck_type_size(operand->dtype);
    if (rank == 0) {
        store(operand->data, 1, x, count);
        return;
    }
    walk here = walk_from(operand, rank, dims, position);
    while (count > 0) {
        int64_t run = ck_min(dims[rank - 1] - here.index[rank - 1], count);
        store((char *)operand->data + here.offset * size, operand->strides[rank - 1], x, run);
        x = (const char *)x + run * x_size;
        count -= run;
        if (count > 0) walk_on(&here, operand, rank, dims, run);
    }
}

static void spread_constant(const ck_plan *plan, void *buffer, double value) {
    // Whole numbers that a double cannot hold exactly do not reach the integer class.
    int64_t whole = value >= 0x1p63 ? INT64_MAX : value > -0x1p63 ? (int64_t)value : INT64_MIN;
    bool integers = plan->program->register_class == CK_CLASS_I64;
    const void *source = integers ? (const void *)&whole : (const void *)&value;
    int dtype = integers ? CK_I64 : CK_F64;
    plan->loops->loads[plan->program->register_class][dtype](buffer, source, 0, plan->limit);
}

void ck_frame_start(ck_frame *frame, const ck_plan *plan, void *buffer) {
    const ck_program *program = plan->program;
    char *slots = (char *)(((uintptr_t)buffer + 63) & ~(uintptr_t)63);
    for (int r = 0; r < CK_MAX_REGISTERS; r++) {
        frame->registers[r] = plan->slots[r] < 0
            ? NULL : slots + (int64_t)plan->slots[r] * CK_SLOT_BYTES;
    }
    const ck_load_loop *loads = plan->loops->loads[program->register_class];
    int64_t filled = ck_min(plan->block, plan->total);
    for (int i = 0; i < program->input_count; i++) {
        const ck_operand *input = &program->inputs[i];
        if (plan->sources[i] == CK_FROM_SCALAR) {
            loads[input->dtype](frame->registers[i], input->data, 0, filled);
        } else if (plan->sources[i] == CK_FROM_PERIOD) {
            ck_load_range(
                loads[input->dtype], input, program->rank, program->dims, 0, filled,
                frame->registers[i], plan->class_size);
        }
    }
    for (int c = 0; c < program->constant_count; c++) {
        spread_constant(
            plan, frame->registers[program->input_count + c], program->constants[c]);
    }
}

static void load_inputs(const ck_plan *plan, ck_frame *frame, int64_t position, int64_t count) {
    const ck_program *program = plan->program;
    const ck_load_loop *loads = plan->loops->loads[program->register_class];
    for (int i = 0; i < program->input_count; i++) {
        const ck_operand *input = &program->inputs[i];
        int64_t size = ck_type_size(input->dtype);
        if (plan->sources[i] == CK_FROM_MEMORY) {
            frame->registers[i] = (char *)input->data + position * size;
        } else if (plan->sources[i] == CK_FROM_ROW) {
            walk here = walk_from(input, program->rank, program->dims, position);
            frame->registers[i] = (char *)input->data + here.offset * size;
        } else if (plan->sources[i] == CK_FROM_RANGE && plan->contiguous_inputs[i]) {
            const void *x = (const char *)input->data + position * size;
            loads[input->dtype](frame->registers[i], x, 1, count);
        } else if (plan->sources[i] == CK_FROM_RANGE) {
            ck_load_range(
                loads[input->dtype], input, program->rank, program->dims, position, count,
                frame->registers[i], plan->class_size);
        }
    }
}

static void store_outputs(const ck_plan *plan, ck_frame *frame, int64_t position, int64_t count) {
    const ck_program *program = plan->program;
    const ck_store_loop *stores = plan->loops->stores[program->register_class];
    for (int o = 0; o < program->output_count; o++) {
        if (plan->targets[o] == CK_TO_MEMORY) continue;
        const ck_operand *output = &program->outputs[o];
        const void *x = frame->registers[program->output_registers[o]];
        if (plan->contiguous_outputs[o]) {
            char *y = (char *)output->data + position * ck_type_size(output->dtype);
            stores[output->dtype](y, 1, x, count);
        } else {
            ck_store_range(
                stores[output->dtype], output, program->rank, program->dims, position, count, x,
                plan->class_size);
        }
    }
}

void ck_evaluate(const ck_plan *plan, ck_frame *frame, int64_t position, int64_t count) {
    const ck_program *program = plan->program;
    for (int o = 0; o < program->output_count; o++) {
        int r = program->output_registers[o];
        if (plan->written_outputs[r] != o) continue;
        frame->registers[r] = (char *)program->outputs[o].data + position * plan->class_size;
    }
    load_inputs(plan, frame, position, count);
    const ck_operation_loop *operations = plan->loops->operations[program->register_class];
    void **registers = frame->registers;
    for (int n = 0; n < program->instruction_count; n++) {
        ck_instruction now = program->instructions[n];
        operations[now.operation](
            registers[now.target], registers[now.a], registers[now.b % CK_MAX_REGISTERS],
            registers[now.c % CK_MAX_REGISTERS], plan->scalars[n], count);
    }
}

static void run_blocks(void *context, int64_t first, int64_t last) {
    const ck_plan *plan = context;
    char buffer[ck_plan_buffer_size(plan)];
    ck_frame frame;
    ck_frame_start(&frame, plan, buffer);
    // Items are whole rows or whole blocks.
    int64_t unit = plan->within_rows ? plan->row : plan->block;
    int64_t end = ck_min(last * unit, plan->total);
    for (int64_t position = first * unit; position < end;) {
        int64_t count = ck_plan_block(plan, position, end);
        ck_evaluate(plan, &frame, position, count);
        store_outputs(plan, &frame, position, count);
        position += count;
    }
}

void ck_program_run(const ck_program *program) {
    ck_plan plan;
    ck_plan_make(&plan, program, 0, true);
    if (plan.total == 0) return;
    ck_adam adam;
    if (ck_adam_matches(&plan, &adam)) {
        ck_adam_run(&adam);
        return;
    }
    int64_t unit = plan.within_rows ? plan.row : plan.block;
    ck_parallel_for(
        (plan.total + unit - 1) / unit, plan.work * (double)plan.total, run_blocks, &plan);
}
