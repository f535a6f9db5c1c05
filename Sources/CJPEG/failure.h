// Turns libjpeg's errors into a jump back to the function that called it.
#pragma once

#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

struct cjpeg_errors {
    struct jpeg_error_mgr base;
    jmp_buf back;
    struct cjpeg_failure *failure;
};

// Fills in the functions of `errors` and returns what a codec's `err` must point to.
struct jpeg_error_mgr *cjpeg_install_errors(struct cjpeg_errors *errors,
                                            struct cjpeg_failure *failure);
