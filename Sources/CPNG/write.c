#include "CPNG.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    uint8_t *bytes;
    size_t count, capacity;
    struct cpng_failure *failure;
};

static void fail(png_structp png, png_const_charp message) {
    struct writer *writer = png_get_error_ptr(png);
    strncpy(writer->failure->message, message, sizeof writer->failure->message - 1);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void write_bytes(png_structp png, png_bytep source, size_t count) {
    struct writer *writer = png_get_io_ptr(png);
    if (count > writer->capacity - writer->count) {
        size_t capacity = writer->capacity * 2 + count + 1024;
        uint8_t *bytes = realloc(writer->bytes, capacity);
        if (!bytes) png_error(png, "there is not enough memory");
        writer->bytes = bytes;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->count, source, count);
    writer->count += count;
}

static void flush(png_structp png) { (void)png; }

bool cpng_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level,
                 uint8_t **result, size_t *result_count, struct cpng_failure *failure) {
    memset(failure, 0, sizeof *failure);
    struct writer writer = {NULL, 0, 0, failure};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, fail, ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        strcpy(failure->message, "libpng could not start");
        png_destroy_write_struct(&png, NULL);
        return false;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        free(writer.bytes);
        return false;
    }
    png_set_write_fn(png, &writer, write_bytes, flush);
    png_set_compression_level(png, level);
    png_set_IHDR(png, info, width, height, 8,
                 channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t row = 0; row < height; row++)
        png_write_row(png, pixels + (size_t)row * width * (size_t)channels);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    *result = writer.bytes;
    *result_count = writer.count;
    return true;
}
