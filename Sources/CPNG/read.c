#include "CPNG.h"

#include <png.h>
#include <string.h>

struct reader {
    const uint8_t *bytes;
    size_t count;
    struct cpng_failure *failure;
};

static void fail(png_structp png, png_const_charp message) {
    struct reader *reader = png_get_error_ptr(png);
    strncpy(reader->failure->message, message, sizeof reader->failure->message - 1);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    struct reader *reader = png_get_io_ptr(png);
    if (count > reader->count - reader->failure->position)
        png_error(png, "the file ends too early");
    memcpy(target, reader->bytes + reader->failure->position, count);
    reader->failure->position += count;
}

static void read_rows(png_structp png, int passes, uint32_t height, size_t row_size,
                      uint8_t *pixels) {
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t row = 0; row < height; row++)
            png_read_row(png, pixels + row * row_size, NULL);
}

bool cpng_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int channels,
                 uint8_t *pixels, struct cpng_failure *failure) {
    memset(failure, 0, sizeof *failure);
    struct reader reader = {bytes, count, failure};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, fail, ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        strcpy(failure->message, "libpng could not start");
        png_destroy_read_struct(&png, NULL, NULL);
        return false;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return false;
    }
    png_set_read_fn(png, &reader, read_bytes);
    png_set_user_limits(png, width, height);
    // Texts, profiles and times are of no use here and could unpack to any size.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, info);
    png_set_expand(png);
    png_set_strip_16(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t row_size = (size_t)width * (size_t)channels;
    if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height ||
        png_get_channels(png, info) != channels || png_get_rowbytes(png, info) != row_size)
        png_error(png, "the picture has another size or form than its header");
    read_rows(png, passes, height, row_size, pixels);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    return true;
}
