#include "failure.h"

#include <jerror.h>
#include <string.h>

static void fail(j_common_ptr codec) {
    struct cjpeg_errors *errors = (struct cjpeg_errors *)codec->err;
    char message[JMSG_LENGTH_MAX];
    errors->base.format_message(codec, message);
    strncpy(errors->failure->message, message, sizeof errors->failure->message - 1);
    longjmp(errors->back, 1);
}

// Warnings tell of damaged pixels, except for a few that tell of untidy headers.
static void warn(j_common_ptr codec, int level) {
    if (level >= 0) return;
    switch (codec->err->msg_code) {
        case JWRN_ADOBE_XFORM:
        case JWRN_BOGUS_PROGRESSION:
        case JWRN_EXTRANEOUS_DATA:
        case JWRN_JFIF_MAJOR:
        case JWRN_TOO_MUCH_DATA:
            return;
        default:
            fail(codec);
    }
}

static void ignore(j_common_ptr codec) { (void)codec; }

struct jpeg_error_mgr *cjpeg_install_errors(struct cjpeg_errors *errors,
                                            struct cjpeg_failure *failure) {
    memset(failure, 0, sizeof *failure);
    errors->failure = failure;
    jpeg_std_error(&errors->base);
    errors->base.error_exit = fail;
    errors->base.emit_message = warn;
    errors->base.output_message = ignore;
    return &errors->base;
}
