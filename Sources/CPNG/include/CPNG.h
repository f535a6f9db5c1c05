// Reading and writing PNG in memory through libpng, with its errors as return values.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What went wrong, and how many bytes of the file had been read by then.
struct cpng_failure {
    char message[160];
    size_t position;
};

// Decodes a picture into `pixels`, 8 bits a sample, rows from the top without gaps.
//
// Palettes and fewer than 8 bits are expanded, of 16 bits the high byte is kept. `channels` is the
// number of samples a pixel that the caller worked out from the header: 1 grey, 2 grey and alpha,
// 3 RGB, 4 RGBA; a picture that gives another number or size is an error.
bool cpng_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int channels,
                 uint8_t *pixels, struct cpng_failure *failure);

// Encodes 8-bit samples, 1 (grey) or 3 (RGB) a pixel; `level` is zlib's, 0 to 9.
//
// On success `*result` holds `*result_count` bytes, to be released with `free`.
bool cpng_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level,
                 uint8_t **result, size_t *result_count, struct cpng_failure *failure);

#ifdef __cplusplus
}
#endif
