// Random numbers from Philox words. Element numbers decide everything: any part of an array can be
// computed by any thread.
//
//     uniform f32   element 4b + j: (word j of block b >> 8) · 2^-24
//     uniform f64   element 2b + j: words 2j, 2j + 1 of block b as 53 bits, · 2^-53
//     normal f32    elements 4b + 2p, 4b + 2p + 1 from words 2p, 2p + 1 of block b
//     normal f64    elements 2b, 2b + 1 from the two 53-bit numbers of block b

#include "internal.h"

#include <math.h>
#include <string.h>

enum { BLOCKS = 64, WORDS = 4 * BLOCKS };

typedef struct {
    const ck_table *loops;
    const int64_t *key;
    uint32_t stream;
    bool normal;
    int dtype;
    char *y;
    int64_t count;
} job;

static double uniform53(uint32_t high, uint32_t low) {
    return ((double)(high >> 5) * 0x1p26 + (double)(low >> 6)) * 0x1p-53;
}

// Box-Muller: two independent normal numbers from u1 in (0, 1] and u2 in [0, 1).
static void normal_pair(double u1, double u2, double result[2]) {
    double radius = sqrt(-2 * log(u1)), angle = 2 * M_PI * u2;
    result[0] = radius * cos(angle);
    result[1] = radius * sin(angle);
}

// Numbers from the words of BLOCKS blocks; the last group of an array may be cut short.
static void make_f32(const job *job, float *y, const uint32_t *words, int64_t count) {
    if (!job->normal) {
        job->loops->uniform_f32(y, words, count);
        return;
    }
    for (int64_t i = 0; i < count; i += 2) {
        double pair[2];
        normal_pair(
            ((double)(words[i] >> 8) + 1) * 0x1p-24, (double)(words[i + 1] >> 8) * 0x1p-24, pair);
        y[i] = (float)pair[0];
        if (i + 1 < count) y[i + 1] = (float)pair[1];
    }
}

static void make_f64(const job *job, double *y, const uint32_t *words, int64_t count) {
    for (int64_t i = 0; i < count; i += 2) {
        const uint32_t *block = words + 2 * i;
        double pair[2] = {uniform53(block[0], block[1]), uniform53(block[2], block[3])};
        if (job->normal) normal_pair(pair[0] + 0x1p-53, pair[1], pair);
        y[i] = pair[0];
        if (i + 1 < count) y[i + 1] = pair[1];
    }
}

// One item is BLOCKS Philox blocks.
static void run_groups(void *context, int64_t first, int64_t last) {
    const job *job = context;
    int64_t per_group = job->dtype == CK_F32 ? WORDS : WORDS / 2;
    _Alignas(64) uint32_t words[WORDS];
    for (int64_t group = first; group < last; group++) {
        int64_t start = group * per_group, count = ck_min(per_group, job->count - start);
        job->loops->philox(words, job->key, job->stream, (uint64_t)(group * BLOCKS), BLOCKS);
        if (job->dtype == CK_F32) {
            make_f32(job, (float *)job->y + start, words, count);
        } else {
            make_f64(job, (double *)job->y + start, words, count);
        }
    }
}

static void run(job job) {
    int64_t per_group = job.dtype == CK_F32 ? WORDS : WORDS / 2;
    double work = (double)job.count * (job.normal ? 1000 : 10);
    ck_parallel_for((job.count + per_group - 1) / per_group, work, run_groups, &job);
}

void ck_random_uniform(int dtype, const int64_t key[2], uint32_t stream, void *y, int64_t count) {
    run((job){ck_loops(), key, stream, false, dtype, y, count});
}

void ck_random_normal(int dtype, const int64_t key[2], uint32_t stream, void *y, int64_t count) {
    run((job){ck_loops(), key, stream, true, dtype, y, count});
}
