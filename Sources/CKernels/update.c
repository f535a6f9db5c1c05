// Recognises an optimizer's update in a program and runs it in one pass over memory.

#include "internal.h"

// Elements that a thread takes at a time.
enum { UPDATE_ITEM = 1024 };

// A program and the instruction that makes each register.
typedef struct {
    const ck_plan *plan;
    const ck_program *program;
    const ck_instruction *makers[256];
} reading;

static const ck_instruction *made_by(const reading *r, int target, int operation) {
    const ck_instruction *maker = r->makers[target];
    return maker != NULL && maker->operation == operation ? maker : NULL;
}

// A number that is the same for all elements.
static bool scalar(const reading *r, int target, float *value) {
    int inputs = r->program->input_count;
    if (target >= inputs + r->program->constant_count) return false;
    if (target >= inputs) {
        *value = (float)r->program->constants[target - inputs];
        return true;
    }
    const ck_operand *input = &r->program->inputs[target];
    if (r->plan->sources[target] != CK_FROM_SCALAR || input->dtype != CK_F32) return false;
    *value = *(const float *)input->data;
    return true;
}

static bool array(const reading *r, int target, const float **data) {
    bool in_place = target < r->program->input_count && r->plan->sources[target] == CK_FROM_MEMORY;
    if (in_place) *data = r->program->inputs[target].data;
    return in_place;
}

// The factors of a product of something with one number.
static bool scaled(const reading *r, int a, int b, int *factor, float *number) {
    if (scalar(r, b, number)) {
        *factor = a;
        return true;
    }
    *factor = b;
    return scalar(r, a, number);
}

// a · s + b · t of registers a and b with numbers s and t.
static bool mixture(const reading *r, int target, int registers[2], float shares[2]) {
    const ck_instruction *sum = made_by(r, target, CK_MULTIPLY_ADD);
    if (sum == NULL || !scaled(r, sum->a, sum->b, &registers[1], &shares[1])) return false;
    const ck_instruction *product = made_by(r, sum->c, CK_MULTIPLY);
    return product != NULL && scaled(r, product->a, product->b, &registers[0], &shares[0]);
}

// Whether `target` is the square of an array.
static bool squared(const reading *r, int target, const float **data) {
    const ck_instruction *product = made_by(r, target, CK_MULTIPLY);
    return product != NULL && product->a == product->b && array(r, product->a, data);
}

// The output that takes a register, NULL unless it is written in one piece.
static float *output(const reading *r, int target) {
    for (int o = 0; o < r->program->output_count; o++) {
        const ck_operand *found = &r->program->outputs[o];
        if (r->program->output_registers[o] != target) continue;
        return r->plan->contiguous_outputs[o] && found->dtype == CK_F32 ? found->data : NULL;
    }
    return NULL;
}

// √square · scale + epsilon, or without the scale.
static bool divisor(const reading *r, int target, int *square, ck_adam *u) {
    const ck_instruction *sum = made_by(r, target, CK_MULTIPLY_ADD);
    int root;
    if (sum != NULL) {
        if (!scaled(r, sum->a, sum->b, &root, &u->scale) || !scalar(r, sum->c, &u->epsilon))
            return false;
    } else {
        sum = made_by(r, target, CK_ADD);
        u->scale = 1;
        if (sum == NULL || !scaled(r, sum->a, sum->b, &root, &u->epsilon)) return false;
    }
    const ck_instruction *maker = made_by(r, root, CK_SQRT);
    if (maker != NULL) *square = maker->a;
    return maker != NULL;
}

bool ck_adam_matches(const ck_plan *plan, ck_adam *u) {
    enum { INSTRUCTIONS = 9, OUTPUTS = 3 };
    const ck_program *program = plan->program;
    if (program->register_class != CK_CLASS_F32 || program->instruction_count != INSTRUCTIONS
        || program->output_count != OUTPUTS)
        return false;
    reading r = {.plan = plan, .program = program};
    for (int n = 0; n < INSTRUCTIONS; n++) {
        r.makers[program->instructions[n].target] = &program->instructions[n];
    }
    const ck_instruction *last = &program->instructions[INSTRUCTIONS - 1];
    int quotient, square, means[2], squares[2];
    if (last->operation != CK_SUBTRACT_PRODUCT || !array(&r, last->c, &u->weight)
        || !scaled(&r, last->a, last->b, &quotient, &u->rate))
        return false;
    const ck_instruction *division = made_by(&r, quotient, CK_DIVIDE);
    if (division == NULL || !divisor(&r, division->b, &square, u)
        || !mixture(&r, division->a, means, u->mean_shares)
        || !mixture(&r, square, squares, u->square_shares)
        || !array(&r, means[0], &u->mean[0]) || !array(&r, means[1], &u->mean[1])
        || !array(&r, squares[0], &u->square[0]) || !squared(&r, squares[1], &u->square[1]))
        return false;
    u->count = plan->total;
    u->loops = plan->loops;
    u->new_weight = output(&r, last->target);
    u->new_mean = output(&r, division->a);
    u->new_square = output(&r, square);
    return u->new_weight != NULL && u->new_mean != NULL && u->new_square != NULL;
}

static void run(void *context, int64_t first, int64_t last) {
    const ck_adam *u = context;
    u->loops->adam(u, first * UPDATE_ITEM, ck_min(last * UPDATE_ITEM, u->count));
}

void ck_adam_run(ck_adam *u) {
    // A root and a division, and seven numbers that come from memory or go there.
    const double work = 16;
    ck_parallel_for(
        ck_ceiling(u->count, UPDATE_ITEM), work * (double)u->count, run, u);
}
