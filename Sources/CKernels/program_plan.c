// Plans a program's run: which registers live in the operands' own memory, which need a buffer, and
// how the iteration space is cut into blocks. Planning costs some hundred nanoseconds and allocates
// nothing.

#include "internal.h"

#include <math.h>
#include <string.h>

// Blocks stay within rows of at least this many elements when operands are not contiguous.
enum { LONG_ROW = 256 };

static bool is_contiguous(const ck_program *program, const ck_operand *operand) {
    int64_t step = 1;
    for (int axis = program->rank - 1; axis >= 0; axis--) {
        if (program->dims[axis] != 1 && operand->strides[axis] != step) return false;
        step *= program->dims[axis];
    }
    return true;
}

// Whether the operand stays in place along all axes before `end`.
static bool repeats(const ck_program *program, const ck_operand *operand, int end) {
    for (int axis = 0; axis < end; axis++) {
        if (program->dims[axis] != 1 && operand->strides[axis] != 0) return false;
    }
    return true;
}

static bool has_class_type(const ck_program *program, const ck_operand *operand) {
    static const int types[CK_CLASS_COUNT] = {CK_F32, CK_F64, CK_I64};
    return operand->dtype == types[program->register_class];
}

static int operand_count(int operation) {
    if (operation == CK_SELECT || operation == CK_MULTIPLY_ADD
        || operation == CK_SUBTRACT_PRODUCT)
        return 3;
    return operation >= CK_ADD && operation <= CK_GREATER_OR_EQUAL ? 2 : 1;
}

bool ck_divides_bytes(float divisor) {
    enum { BYTES = 256 };
    // Where subnormal numbers are 0 the reciprocal must not be one.
    if (!isnormal(1 / divisor)) return false;
    float bytes[BYTES], exact[BYTES], quotients[BYTES];
    for (int i = 0; i < BYTES; i++) bytes[i] = (float)i;
    const ck_operation_loop *loops = ck_loops()->operations[CK_CLASS_F32];
    loops[CK_DIVIDE](exact, bytes, &divisor, NULL, CK_SCALAR_B, BYTES);
    loops[CK_DIVIDE_BYTE](quotients, bytes, &divisor, NULL, CK_SCALAR_B, BYTES);
    for (int i = 0; i < BYTES; i++) {
        if (quotients[i] != exact[i]) return false;
    }
    return true;
}

// What an operation costs per element, with an addition as the unit.
static double operation_cost(int register_class, int operation) {
    bool simple_class = register_class == CK_CLASS_F32;
    switch (operation) {
    case CK_SQRT: case CK_RECIPROCAL: case CK_DIVIDE: return simple_class ? 4 : 16;
    case CK_RSQRT: return simple_class ? 8 : 32;
    case CK_EXP: case CK_EXPM1: case CK_LOG: case CK_LOG1P: case CK_TANH: case CK_SIGMOID:
        return simple_class ? 12 : 200;
    case CK_ERF: return simple_class ? 24 : 300;
    case CK_SIN: case CK_COS: return 200;
    case CK_POWER: return 300;
    default: return simple_class ? 1 : 2;
    }
}

static double load_cost(uint8_t source) {
    return source == CK_FROM_RANGE ? 4 : source == CK_FROM_MEMORY ? 1 : 0.2;
}

static void classify_inputs(ck_plan *plan, int first_period_axis, bool stores) {
    const ck_program *program = plan->program;
    // The longest run of last axes that fits into a block: what repeats with it is loaded once.
    int64_t period = 1;
    int period_axis = program->rank;
    while (period_axis > first_period_axis
           && period * program->dims[period_axis - 1] <= plan->limit) {
        period *= program->dims[--period_axis];
    }
    bool all_repeat = true, any_irregular = false;
    for (int i = 0; i < program->input_count; i++) {
        const ck_operand *input = &program->inputs[i];
        plan->contiguous_inputs[i] = is_contiguous(program, input);
        if (repeats(program, input, program->rank)) {
            plan->sources[i] = CK_FROM_SCALAR;
        } else if (plan->contiguous_inputs[i]) {
            bool in_place = has_class_type(program, input);
            plan->sources[i] = in_place ? CK_FROM_MEMORY : CK_FROM_RANGE;
        } else {
            any_irregular = true;
            bool periodic = repeats(program, input, period_axis);
            plan->sources[i] = periodic ? CK_FROM_PERIOD : CK_FROM_RANGE;
            all_repeat = all_repeat && periodic;
        }
    }
    for (int o = 0; o < program->output_count && stores; o++) {
        plan->contiguous_outputs[o] = is_contiguous(program, &program->outputs[o]);
        if (plan->contiguous_outputs[o]) continue;
        any_irregular = true;
        all_repeat = false;
    }
    plan->block = plan->limit;
    if (!any_irregular) return;
    plan->within_rows = !all_repeat && plan->row >= LONG_ROW;
    if (!plan->within_rows) {
        plan->block = plan->limit / period * period;
        return;
    }
    // Rows are cut into equal pieces.
    int64_t pieces = (plan->row + plan->limit - 1) / plan->limit;
    plan->block = ck_min(((plan->row + pieces - 1) / pieces + 15) / 16 * 16, plan->limit);
    for (int i = 0; i < program->input_count; i++) {
        const ck_operand *input = &program->inputs[i];
        if (plan->sources[i] == CK_FROM_SCALAR || plan->contiguous_inputs[i]) continue;
        bool in_place = input->strides[program->rank - 1] == 1 && has_class_type(program, input);
        plan->sources[i] = in_place ? CK_FROM_ROW : CK_FROM_RANGE;
    }
}

static bool is_read_in_place(const ck_plan *plan, int input) {
    return plan->sources[input] == CK_FROM_MEMORY || plan->sources[input] == CK_FROM_ROW;
}

// Decides which outputs are written in place. Where output and input share memory, no instruction
// may read the input after the one that writes the output, nor may a later store.
static void classify_outputs(ck_plan *plan, const int16_t *defined, int16_t *last_use) {
    const ck_program *program = plan->program;
    int16_t end = (int16_t)program->instruction_count;
    for (int o = 0; o < program->output_count; o++) {
        const ck_operand *output = &program->outputs[o];
        int target = program->output_registers[o];
        for (int i = 0; i < program->input_count; i++) {
            bool shared = program->inputs[i].data == output->data;
            if (!shared || !is_read_in_place(plan, i)) continue;
            // Another output is a copy of the input: keep the numbers before they are overwritten.
            for (int other = 0; other < program->output_count; other++) {
                if (other != o && program->output_registers[other] == i) {
                    plan->sources[i] = CK_FROM_RANGE;
                }
            }
        }
        bool direct = plan->contiguous_outputs[o] && has_class_type(program, output)
            && plan->written_outputs[target] < 0;
        if (target < program->input_count) {
            // An output that is a loaded input: load it to its place.
            direct = direct && plan->sources[target] == CK_FROM_RANGE;
        } else if (target < program->input_count + program->constant_count) {
            direct = false;
        }
        for (int i = 0; i < program->input_count && direct; i++) {
            if (program->inputs[i].data != output->data) continue;
            if (target < program->input_count) direct = false;
            if (is_read_in_place(plan, i) && last_use[i] > defined[target]) direct = false;
        }
        plan->targets[o] = direct ? CK_TO_MEMORY : CK_TO_RANGE;
        if (direct) {
            plan->written_outputs[target] = (int8_t)o;
        } else {
            last_use[target] = end;
        }
    }
}

// Gives buffers to registers; a register's buffer is free again after its last use.
static void assign_slots(ck_plan *plan, const int16_t *last_use) {
    const ck_program *program = plan->program;
    int first_target = program->input_count + program->constant_count;
    uint64_t busy = 0;
    memset(plan->slots, -1, sizeof plan->slots);
    for (int r = 0; r < first_target; r++) {
        if (r < program->input_count && is_read_in_place(plan, r)) continue;
        if (plan->written_outputs[r] >= 0) continue;
        plan->slots[r] = (int8_t)plan->slot_count++;
        busy |= (uint64_t)1 << plan->slots[r];
    }
    for (int n = 0; n < program->instruction_count; n++) {
        const ck_instruction *instruction = &program->instructions[n];
        const uint8_t operands[3] = {instruction->a, instruction->b, instruction->c};
        for (int k = 0; k < operand_count(instruction->operation); k++) {
            int r = operands[k];
            bool kept = r < first_target
                && !(r < program->input_count && plan->sources[r] == CK_FROM_RANGE);
            if (kept || plan->slots[r] < 0 || last_use[r] != n) continue;
            busy &= ~((uint64_t)1 << plan->slots[r]);
        }
        if (plan->written_outputs[instruction->target] >= 0) continue;
        int slot = 0;
        while (busy >> slot & 1) slot++;
        busy |= (uint64_t)1 << slot;
        plan->slots[instruction->target] = (int8_t)slot;
        if (slot >= plan->slot_count) plan->slot_count = slot + 1;
    }
}

void ck_plan_make(
    ck_plan *plan, const ck_program *program, int first_period_axis, bool stores) {
    int16_t defined[CK_MAX_REGISTERS], last_use[CK_MAX_REGISTERS];
    memset(plan, 0, sizeof *plan);
    memset(plan->written_outputs, -1, sizeof plan->written_outputs);
    memset(defined, -1, sizeof defined);
    memset(last_use, -1, sizeof last_use);
    plan->program = program;
    plan->loops = ck_loops();
    plan->class_size = program->register_class == CK_CLASS_F32 ? 4 : 8;
    plan->limit = CK_BLOCK_BYTES / plan->class_size;
    plan->total = 1;
    for (int axis = 0; axis < program->rank; axis++) plan->total *= program->dims[axis];
    if (plan->total == 0) return;
    plan->row = program->rank == 0 ? 1 : program->dims[program->rank - 1];

    classify_inputs(plan, first_period_axis, stores);
    for (int n = 0; n < program->instruction_count; n++) {
        const ck_instruction *instruction = &program->instructions[n];
        const uint8_t operands[3] = {instruction->a, instruction->b, instruction->c};
        int count = operand_count(instruction->operation);
        for (int k = 0; k < count; k++) {
            int r = operands[k];
            last_use[r] = (int16_t)n;
            bool scalar = r < program->input_count
                ? plan->sources[r] == CK_FROM_SCALAR
                : r < program->input_count + program->constant_count;
            if (scalar) plan->scalars[n] |= (uint8_t)(1 << k);
        }
        defined[instruction->target] = (int16_t)n;
        plan->work += operation_cost(program->register_class, instruction->operation);
    }
    if (stores) {
        classify_outputs(plan, defined, last_use);
    } else {
        last_use[program->output_registers[0]] = (int16_t)program->instruction_count;
    }
    assign_slots(plan, last_use);
    for (int i = 0; i < program->input_count; i++) plan->work += load_cost(plan->sources[i]);
    for (int o = 0; o < program->output_count && stores; o++) {
        plan->work += plan->targets[o] == CK_TO_RANGE ? 4 : 1;
    }
}
