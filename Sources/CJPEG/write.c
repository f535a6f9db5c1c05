#include "failure.h"

#include <stdlib.h>
#include <string.h>

bool cjpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality,
                  bool halve_colour, uint8_t **result, size_t *result_count,
                  struct cjpeg_failure *failure) {
    struct jpeg_compress_struct picture;
    struct cjpeg_errors errors;
    unsigned char *bytes = NULL;
    unsigned long count = 0;
    // libjpeg grows the buffer through these, also after `setjmp`; their address is fixed here.
    unsigned char **bytes_place = &bytes;
    unsigned long *count_place = &count;
    memset(&picture, 0, sizeof picture);
    picture.err = cjpeg_install_errors(&errors, failure);
    if (setjmp(errors.back)) {
        // Which buffer is in use is known to libjpeg alone until it has finished, so it stays.
        jpeg_destroy_compress(&picture);
        return false;
    }
    jpeg_create_compress(&picture);
    jpeg_mem_dest(&picture, bytes_place, count_place);
    picture.image_width = width;
    picture.image_height = height;
    picture.input_components = channels;
    picture.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&picture);
    jpeg_set_quality(&picture, quality, TRUE);
    picture.optimize_coding = TRUE;
    if (channels == 3 && !halve_colour)
        picture.comp_info[0].h_samp_factor = picture.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&picture, TRUE);
    while (picture.next_scanline < height) {
        JSAMPROW row =
            (JSAMPROW)(pixels + (size_t)picture.next_scanline * width * (size_t)channels);
        jpeg_write_scanlines(&picture, &row, 1);
    }
    jpeg_finish_compress(&picture);
    jpeg_destroy_compress(&picture);
    *result = *bytes_place;
    *result_count = *count_place;
    return true;
}
