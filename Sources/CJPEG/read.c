#include "failure.h"

#include <stdlib.h>
#include <string.h>

// A few bytes can ask for any number of passes over a large picture.
#define MOST_SCANS 200

static void check_scans(j_common_ptr codec) {
    struct jpeg_decompress_struct *picture = (struct jpeg_decompress_struct *)codec;
    struct cjpeg_errors *errors = (struct cjpeg_errors *)codec->err;
    if (picture->input_scan_number <= MOST_SCANS) return;
    strcpy(errors->failure->message, "more than 200 scans");
    longjmp(errors->back, 1);
}

static int wanted_space(const struct jpeg_decompress_struct *picture) {
    switch (picture->jpeg_color_space) {
        case JCS_GRAYSCALE: return JCS_GRAYSCALE;
        case JCS_CMYK:
        case JCS_YCCK: return JCS_CMYK;
        default: return JCS_RGB;
    }
}

static void fill_header(const struct jpeg_decompress_struct *picture, struct cjpeg_header *header) {
    int space = wanted_space(picture);
    header->width = picture->image_width;
    header->height = picture->image_height;
    header->channels = space == JCS_GRAYSCALE ? 1 : space == JCS_RGB ? 3 : 4;
    header->is_arithmetic = picture->arith_code;
    header->has_adobe_marker = picture->saw_Adobe_marker;
}

bool cjpeg_read_header(const uint8_t *bytes, size_t count, struct cjpeg_header *header,
                       struct cjpeg_failure *failure) {
    struct jpeg_decompress_struct picture;
    struct cjpeg_errors errors;
    memset(&picture, 0, sizeof picture);
    picture.err = cjpeg_install_errors(&errors, failure);
    bool read = false;
    if (!setjmp(errors.back)) {
        jpeg_create_decompress(&picture);
        jpeg_mem_src(&picture, bytes, count);
        jpeg_read_header(&picture, TRUE);
        fill_header(&picture, header);
        read = true;
    } else if (picture.src) {
        failure->position = count - picture.src->bytes_in_buffer;
    }
    jpeg_destroy_decompress(&picture);
    return read;
}

bool cjpeg_decode(const uint8_t *bytes, size_t count, const struct cjpeg_header *header,
                  uint8_t *pixels, struct cjpeg_failure *failure) {
    struct jpeg_decompress_struct picture;
    struct cjpeg_errors errors;
    struct jpeg_progress_mgr progress = {.progress_monitor = check_scans};
    memset(&picture, 0, sizeof picture);
    picture.err = cjpeg_install_errors(&errors, failure);
    if (setjmp(errors.back)) {
        // At the end of the file libjpeg reads an end mark of its own instead of the file.
        if (picture.src)
            failure->position = picture.src->bytes_in_buffer <= count
                                    ? count - picture.src->bytes_in_buffer
                                    : count;
        jpeg_destroy_decompress(&picture);
        return false;
    }
    jpeg_create_decompress(&picture);
    picture.progress = &progress;
    jpeg_mem_src(&picture, bytes, count);
    jpeg_read_header(&picture, TRUE);
    picture.out_color_space = (J_COLOR_SPACE)wanted_space(&picture);
    picture.dct_method = JDCT_ISLOW;
    picture.do_fancy_upsampling = TRUE;
    jpeg_start_decompress(&picture);
    bool is_same = picture.output_width == header->width &&
                   picture.output_height == header->height &&
                   picture.output_components == header->channels;
    if (is_same) {
        size_t row_size = (size_t)header->width * (size_t)header->channels;
        while (picture.output_scanline < picture.output_height) {
            JSAMPROW row = pixels + picture.output_scanline * row_size;
            jpeg_read_scanlines(&picture, &row, 1);
        }
        jpeg_finish_decompress(&picture);
    } else {
        strcpy(failure->message, "the picture has another size or form than its header");
    }
    jpeg_destroy_decompress(&picture);
    return is_same;
}
