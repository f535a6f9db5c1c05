// Bytes of pictures: resampling, smooth random fields, scaling, mixing.

#include "internal.h"

#include <string.h>

void ck_pack_quads(uint32_t *quads, const uint8_t *padded, int64_t width, int64_t height) {
    const ck_table *loops = ck_loops();
    for (int64_t row = 0; row < height + 2; row++) {
        const uint8_t *upper = padded + row * (width + 3);
        loops->picture_quads(quads + row * (width + 2), upper, upper + width + 3, width + 2);
    }
}

void ck_resample(uint8_t *result, const ck_resampling *resampling) {
    const ck_table *loops = ck_loops();
    for (int64_t row = 0; row < resampling->height; row++) {
        loops->picture_row(result + row * resampling->width, resampling, row);
    }
}

int64_t ck_displacement_scratch(int64_t width, int64_t height, int64_t radius) {
    int64_t padded = ck_padded_width(width);
    return (padded + 2 * radius) + (height + 2 * radius) * padded;
}

void ck_displacements(
    float *field, float *scratch, int64_t width, int64_t height, const float *taps,
    int64_t radius, float amplitude, uint64_t state) {
    const ck_table *loops = ck_loops();
    int64_t padded = ck_padded_width(width), words = (width + 3) / 4;
    // One row of noise between zeros, then the rows folded along themselves between rows of zeros.
    float *noise = scratch, *rows = noise + padded + 2 * radius;
    size_t margin = (size_t)(radius * padded) * sizeof(float);
    memset(noise, 0, (size_t)(padded + 2 * radius) * sizeof(float));
    memset(rows, 0, margin);
    memset(rows + (radius + height) * padded, 0, margin);
    for (int64_t row = 0; row < height; row++) {
        uint64_t start = state + (uint64_t)(row * words) * 0x9E3779B97F4A7C15u;
        loops->picture_noise(noise + radius, start, words, amplitude);
        memset(noise + radius + width, 0, (size_t)(4 * words - width) * sizeof(float));
        loops->picture_fold(
            rows + (radius + row) * padded, noise, padded, taps, 2 * radius + 1, 1);
    }
    loops->picture_fold(field, rows, height * padded, taps, 2 * radius + 1, padded);
}

void ck_scale_bytes(uint8_t *x, int64_t count, float scale, float shift) {
    ck_loops()->picture_scale(x, count, scale, shift);
}

void ck_bytes_to_floats(float *y, const uint8_t *x, int64_t count, double scale, double shift) {
    ck_loops()->picture_floats(y, x, count, scale, shift);
}

void ck_mix_bytes(float *y, const uint8_t *a, const uint8_t *b, int64_t count, float share) {
    ck_loops()->picture_mix(y, a, b, count, share);
}
