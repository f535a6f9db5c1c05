// Reading and writing JPEG in memory through libjpeg, with its errors as return values.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What went wrong, and how many bytes of the file had been read by then.
struct cjpeg_failure {
    char message[256];
    size_t position;
};

// What the header of a file says.
struct cjpeg_header {
    uint32_t width, height;
    // Samples a pixel of the decoded picture: 1 grey, 3 RGB, 4 CMYK.
    int channels;
    // True for arithmetic coding, which is not decoded here.
    bool is_arithmetic;
    // True when an Adobe marker is there; its CMYK samples are 255 for no ink.
    bool has_adobe_marker;
};

// Reads the tables and the header of a file, without memory for pixels.
bool cjpeg_read_header(const uint8_t *bytes, size_t count, struct cjpeg_header *header,
                       struct cjpeg_failure *failure);

// Decodes a picture into `pixels`, which has room for the size and channels of `header`.
//
// Damage that libjpeg would paint over is an error here.
bool cjpeg_decode(const uint8_t *bytes, size_t count, const struct cjpeg_header *header,
                  uint8_t *pixels, struct cjpeg_failure *failure);

// Encodes 8-bit samples, 1 (grey) or 3 (RGB) a pixel; `quality` is 1 to 100.
//
// `halve_colour` keeps one colour for four pixels. On success `*result` holds `*result_count`
// bytes, to be released with `free`.
bool cjpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality,
                  bool halve_colour, uint8_t **result, size_t *result_count,
                  struct cjpeg_failure *failure);

#ifdef __cplusplus
}
#endif
