// Kernels over the bytes of one picture, a plane of rows at a time, for a single thread.
//
// Their results are the same bits with every instruction set: products and sums are rounded one by
// one, in one order.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// The lanes by which rows of displacements are padded.
#define CK_PICTURE_LANES 16

// Room for a row of `width` displacements, a multiple of CK_PICTURE_LANES.
static inline int64_t ck_padded_width(int64_t width) {
    return (width + CK_PICTURE_LANES - 1) / CK_PICTURE_LANES * CK_PICTURE_LANES;
}

// How each pixel of a result finds its place in the source. For the pixel in column x and row y:
//
//     (p, q) = (x + dx[y, x], y + dy[y, x])
//     source x = matrix[0] p + (matrix[1] q + matrix[2])
//     source y = matrix[3] p + (matrix[4] q + matrix[5])
//
// A place is a real number, with whole numbers at the centres of pixels; the value there is
// interpolated linearly between its four neighbours and rounded.
typedef struct {
    int64_t width, height;
    // Each pixel with its right, lower and lower right neighbour as bytes 0 to 3, from column -1
    // and row -1 on: (width + 2) * (height + 2) of them.
    const uint32_t *quads;
    // Rows of ck_padded_width(width) displacements in pixels, or NULL for none.
    const float *dx, *dy;
    float matrix[6];
    // Places outside are mirrored at the outermost pixels; otherwise they are moved to the ring of
    // pixels around the picture.
    bool mirrors;
} ck_resampling;

// Packs neighbours; `padded` has rows of width + 3 bytes, height + 3 of them, the picture in
// columns and rows 1 and further.
void ck_pack_quads(uint32_t *quads, const uint8_t *padded, int64_t width, int64_t height);

// Writes the width * height bytes of the result.
void ck_resample(uint8_t *result, const ck_resampling *resampling);

// The floats that ck_displacements needs as scratch.
int64_t ck_displacement_scratch(int64_t width, int64_t height, int64_t radius);

// A smooth random field: uniform numbers in -amplitude ... amplitude, 0 outside the picture, folded
// with the 2 * radius + 1 taps along rows and columns. Number n of a row comes from 16 bits of word
// n / 4 of the row; word k of the field is SplitMix64's number k + 1 from `state`.
void ck_displacements(
    float *field, float *scratch, int64_t width, int64_t height, const float *taps,
    int64_t radius, float amplitude, uint64_t state);

// x = x * scale + shift, rounded to the nearest byte; what does not fit becomes 0 or 255.
void ck_scale_bytes(uint8_t *x, int64_t count, float scale, float shift);

// y = x * scale + shift, computed in double precision.
void ck_bytes_to_floats(float *y, const uint8_t *x, int64_t count, double scale, double shift);

// y = a * share + b * (1 - share)
void ck_mix_bytes(float *y, const uint8_t *a, const uint8_t *b, int64_t count, float share);
