// Reductions. The axes are brought into the order groups × reduced × width: `groups` and `width`
// are kept axes, before and after the reduced ones. The program is evaluated block by block in that
// order, as for elementwise programs, and each block is folded into totals at once.
//
// What is added to what depends on the shape only, never on the number of threads.

#include "internal.h"

#include <math.h>
#include <string.h>

enum {
    MAX_BLOCK = CK_BLOCK_BYTES / 4,
    // Partial totals when the reduced axes are shared between threads.
    MAX_PARTIALS = 8192,
    MAX_CHUNKS = 32,
    // Groups × tiles from which on there is work for every thread without sharing.
    ENOUGH_ITEMS = 16,
    // Elements that make a chunk worth while.
    CHUNK_ELEMENTS = 16384,
};

typedef union {
    double real;
    int64_t whole;
} total;

typedef struct {
    ck_plan plan;
    const ck_reduction *reduction;
    int64_t groups, reduced, width;
    int64_t tile, tiles;        // columns handled together
    int64_t chunk, chunks;      // steps along the reduced axes handled together
    int kept_rank;              // the kept axes, where the results go
    int64_t kept_dims[CK_MAX_RANK];
    ck_operand result;
    ck_line_fold fold_lines;
    ck_row_fold fold_rows;
    total identity;
    total *partials;            // [groups, tiles, chunks, tile]
} job;

// ---------------------------------------------------------------------------------------------
// Order of axes

static void sort_axes(ck_reduction *reduction) {
    ck_program *program = &reduction->program;
    int order[CK_MAX_RANK], rank = program->rank;
    int64_t steps[CK_MAX_RANK] = {0};
    for (int axis = 0; axis < rank; axis++) {
        for (int i = 0; i < program->input_count; i++) {
            int64_t stride = program->inputs[i].strides[axis];
            steps[axis] += stride < 0 ? -stride : stride;
        }
        int place = axis;
        for (; place > 0 && steps[order[place - 1]] < steps[axis]; place--) {
            order[place] = order[place - 1];
        }
        order[place] = axis;
    }
    ck_permute_axes(program, reduction->reduced, order);
}

// Kept axes first, but for the innermost ones when memory runs along them; the reduced axes follow.
static void group_axes(ck_reduction *reduction) {
    ck_program *program = &reduction->program;
    int order[CK_MAX_RANK], rank = program->rank, inner = rank, count = 0;
    while (inner > 0 && !reduction->reduced[inner - 1]) inner--;
    for (int axis = 0; axis < inner; axis++) {
        if (!reduction->reduced[axis]) order[count++] = axis;
    }
    for (int axis = 0; axis < inner; axis++) {
        if (reduction->reduced[axis]) order[count++] = axis;
    }
    for (int axis = inner; axis < rank; axis++) order[count++] = axis;
    ck_permute_axes(program, reduction->reduced, order);
}

void ck_reduction_simplify(ck_reduction *reduction) {
    ck_program *program = &reduction->program;
    for (int axis = 0; axis < program->rank; axis++) {
        if (reduction->reduced[axis]) program->outputs[0].strides[axis] = 0;
    }
    ck_merge_axes(program, reduction->reduced);
    sort_axes(reduction);
    group_axes(reduction);
    ck_merge_axes(program, reduction->reduced);
}

// ---------------------------------------------------------------------------------------------
// Totals

static total identity_of(int reduction, int register_class) {
    total result;
    if (register_class == CK_CLASS_I64) {
        static const int64_t identities[] = {0, 1, INT64_MIN, INT64_MAX};
        result.whole = identities[reduction];
    } else {
        const double identities[] = {0, 1, -INFINITY, INFINITY};
        result.real = identities[reduction];
    }
    return result;
}

// Converts totals to the result's type and stores them from kept element `position` on.
static void store_totals(const job *job, const total *totals, int64_t position, int64_t count) {
    const ck_program *program = job->plan.program;
    const ck_table *loops = job->plan.loops;
    int register_class = program->register_class;
    int source_class = register_class == CK_CLASS_I64 ? CK_CLASS_I64 : CK_CLASS_F64;
    ck_store_range(
        loops->stores[source_class][job->result.dtype], &job->result, job->kept_rank,
        job->kept_dims, position, count, totals, (int64_t)sizeof(total));
}

static void clear(const job *job, total *totals, int64_t count) {
    for (int64_t k = 0; k < count; k++) totals[k] = job->identity;
}

// ---------------------------------------------------------------------------------------------
// Work

// Folds element range begin ..< end, whole rows of `width` or a piece of one line.
static void fold_range(
    const job *job, ck_frame *frame, int64_t begin, int64_t end, int64_t width, total *totals,
    void *scratch) {
    int output = job->plan.program->output_registers[0];
    for (int64_t position = begin; position < end;) {
        int64_t count = ck_plan_block(&job->plan, position, end);
        ck_evaluate(&job->plan, frame, position, count);
        const void *x = frame->registers[output];
        if (width == 1) {
            job->fold_lines(totals, x, 1, count);
        } else if (count < width) {
            job->fold_rows(totals + (position - begin), scratch, x, 1, count);
        } else {
            job->fold_rows(totals, scratch, x, count / width, width);
        }
        position += count;
    }
}

// One item is a group, a tile of columns and a chunk of the reduced axes.
static void run_items(void *context, int64_t first, int64_t last) {
    const job *job = context;
    char buffer[ck_plan_buffer_size(&job->plan)];
    _Alignas(64) char scratch[CK_BLOCK_BYTES];
    total totals[MAX_BLOCK];
    ck_frame frame;
    ck_frame_start(&frame, &job->plan, buffer);
    bool whole_rows = job->width == 1
        || (job->width <= job->plan.limit && !job->plan.within_rows);
    for (int64_t item = first; item < last; item++) {
        int64_t chunk = item % job->chunks, column = item / job->chunks % job->tiles * job->tile;
        int64_t group = item / job->chunks / job->tiles;
        int64_t begin = chunk * job->chunk, end = ck_min(begin + job->chunk, job->reduced);
        int64_t columns = ck_min(job->tile, job->width - column);
        total *sums = job->partials == NULL ? totals : job->partials + item * job->tile;
        clear(job, sums, columns);
        int64_t origin = group * job->reduced;
        if (whole_rows) {
            fold_range(
                job, &frame, (origin + begin) * job->width, (origin + end) * job->width,
                job->width, sums, scratch);
        } else {
            for (int64_t r = begin; r < end; r++) {
                int64_t position = (origin + r) * job->width + column;
                fold_range(job, &frame, position, position + columns, columns, sums, scratch);
            }
        }
        if (job->partials == NULL) {
            store_totals(job, sums, group * job->width + column, columns);
        }
    }
}

// Small groups: a block holds several of them. One item is one block.
static void run_small_groups(void *context, int64_t first, int64_t last) {
    const job *job = context;
    char buffer[ck_plan_buffer_size(&job->plan)];
    _Alignas(64) char scratch[CK_BLOCK_BYTES];
    total totals[MAX_BLOCK];
    ck_frame frame;
    ck_frame_start(&frame, &job->plan, buffer);
    int64_t size = job->reduced * job->width, groups = job->plan.block / size;
    int output = job->plan.program->output_registers[0];
    for (int64_t item = first; item < last; item++) {
        int64_t group = item * groups, count = ck_min(groups, job->groups - group);
        ck_evaluate(&job->plan, &frame, group * size, count * size);
        const char *x = frame.registers[output];
        clear(job, totals, count * job->width);
        if (job->width == 1) {
            job->fold_lines(totals, x, count, job->reduced);
        } else {
            for (int64_t g = 0; g < count; g++) {
                job->fold_rows(
                    totals + g * job->width, scratch, x + g * size * job->plan.class_size,
                    job->reduced, job->width);
            }
        }
        store_totals(job, totals, group * job->width, count * job->width);
    }
}

// Adds up the chunks' partial totals in their order.
static void combine_partials(const job *job) {
    int64_t items = job->groups * job->tiles;
    _Alignas(64) char scratch[8];
    bool integers = job->plan.program->register_class == CK_CLASS_I64;
    int wide_class = integers ? CK_CLASS_I64 : CK_CLASS_F64;
    ck_row_fold fold = job->plan.loops->row_folds[wide_class][job->reduction->reduction];
    for (int64_t item = 0; item < items; item++) {
        int64_t group = item / job->tiles, column = item % job->tiles * job->tile;
        int64_t columns = ck_min(job->tile, job->width - column);
        total *first = job->partials + item * job->chunks * job->tile;
        for (int64_t chunk = 1; chunk < job->chunks; chunk++) {
            fold(first, scratch, first + chunk * job->tile, 1, columns);
        }
        store_totals(job, first, group * job->width + column, columns);
    }
}

// An empty sum or product: the identity.
static void store_identities(const job *job, int64_t count) {
    total value = identity_of(job->reduction->reduction, CK_CLASS_F64);
    ck_store_loop store = job->plan.loops->stores[CK_CLASS_F64][job->result.dtype];
    for (int64_t k = 0; k < count; k++) {
        ck_store_range(
            store, &job->result, job->kept_rank, job->kept_dims, k, 1, &value, sizeof value);
    }
}

static bool is_ordered(const ck_reduction *reduction) {
    int changes = 0;
    for (int axis = 0; axis < reduction->program.rank; axis++) {
        bool before = axis > 0 && reduction->reduced[axis - 1];
        if (reduction->reduced[axis] && !before) changes++;
    }
    return changes <= 1;
}

// Splits the axes into groups × reduced × width and collects the kept ones.
static int measure(job *job) {
    const ck_reduction *reduction = job->reduction;
    const ck_program *program = &reduction->program;
    int first_reduced = program->rank;
    job->groups = job->reduced = job->width = 1;
    job->result = program->outputs[0];
    for (int axis = 0; axis < program->rank; axis++) {
        int64_t size = program->dims[axis];
        if (reduction->reduced[axis]) {
            job->reduced *= size;
            if (first_reduced == program->rank) first_reduced = axis;
            continue;
        }
        if (first_reduced < program->rank) job->width *= size; else job->groups *= size;
        job->result.strides[job->kept_rank] = program->outputs[0].strides[axis];
        job->kept_dims[job->kept_rank++] = size;
    }
    return first_reduced;
}

static void run_small(job *job) {
    int64_t size = job->reduced * job->width, groups = job->plan.block / size;
    job->plan.block = groups * size;
    ck_parallel_for(
        (job->groups + groups - 1) / groups, (job->plan.work + 2) * (double)job->plan.total,
        run_small_groups, job);
}

static void run_large(job *job) {
    const ck_plan *plan = &job->plan;
    bool whole_rows = job->width == 1 || (job->width <= plan->limit && !plan->within_rows);
    // Blocks are whole rows, or whole tiles of a long row.
    if (whole_rows) job->plan.block = plan->block / job->width * job->width;
    job->tile = plan->within_rows ? plan->limit : plan->block;
    job->tile = whole_rows ? job->width : ck_min(job->width, job->tile);
    job->tiles = (job->width + job->tile - 1) / job->tile;
    job->chunk = job->reduced;
    job->chunks = 1;
    int64_t items = job->groups * job->tiles;
    int64_t most = ck_min(
        ck_min(MAX_CHUNKS, MAX_PARTIALS / (items * job->tile)),
        job->reduced * job->tile / CHUNK_ELEMENTS);
    if (items < ENOUGH_ITEMS && most > 1) {
        // Chunks begin where blocks do.
        int64_t unit = !whole_rows ? 1 : plan->within_rows ? plan->row : plan->block / job->width;
        int64_t units = (job->reduced + unit - 1) / unit;
        job->chunk = (units + most - 1) / most * unit;
        job->chunks = (job->reduced + job->chunk - 1) / job->chunk;
    }
    double work = (plan->work + 2) * (double)plan->total;
    if (job->chunks == 1) {
        ck_parallel_for(items, work, run_items, job);
        return;
    }
    total partials[items * job->chunks * job->tile];
    job->partials = partials;
    ck_parallel_for(items * job->chunks, work, run_items, job);
    combine_partials(job);
}

static void run_ordered(const ck_reduction *reduction) {
    const ck_program *program = &reduction->program;
    job job = {.reduction = reduction};
    int first_reduced = measure(&job);
    int register_class = program->register_class;
    int64_t limit = CK_BLOCK_BYTES / (register_class == CK_CLASS_F32 ? 4 : 8);
    int64_t kept = job.groups * job.width;
    if (kept == 0) return;
    bool small = job.reduced * job.width <= limit;
    ck_plan_make(&job.plan, program, small ? 0 : first_reduced, false);
    job.identity = identity_of(reduction->reduction, register_class);
    if (job.reduced == 0) {
        store_identities(&job, kept);
        return;
    }
    job.fold_lines = job.plan.loops->line_folds[register_class][reduction->reduction];
    job.fold_rows = job.plan.loops->row_folds[register_class][reduction->reduction];
    if (small && !job.plan.within_rows) {
        run_small(&job);
    } else {
        run_large(&job);
    }
}

void ck_reduction_run(const ck_reduction *reduction) {
    if (is_ordered(reduction)) {
        run_ordered(reduction);
        return;
    }
    // Not simplified: work on a simplified copy.
    ck_reduction copy = *reduction;
    ck_operand inputs[CK_MAX_REGISTERS], output = reduction->program.outputs[0];
    memcpy(inputs, reduction->program.inputs,
        (size_t)reduction->program.input_count * sizeof(ck_operand));
    copy.program.inputs = inputs;
    copy.program.outputs = &output;
    ck_reduction_simplify(&copy);
    run_ordered(&copy);
}
