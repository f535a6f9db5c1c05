// Loops over the pixels of a picture. Nothing is contracted to fused operations, so that every
// instruction set gives the same bits.

#if defined(__clang__)
#define CK_NO_FUSION _Pragma("clang fp contract(off)")
#else
#define CK_NO_FUSION
#endif

static void CK_NAME(picture_quads)(
    uint32_t *quads, const uint8_t *upper, const uint8_t *lower, int64_t count) {
    CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
        quads[i] = (uint32_t)upper[i] | (uint32_t)upper[i + 1] << 8 | (uint32_t)lower[i] << 16
            | (uint32_t)lower[i + 1] << 24;
    }
}

// Mirrors places at 0 and `last`; the result lies in 0 ... last but for rounding. Places are so far
// inside the range of int32_t that the quotient has room.
static void CK_NAME(picture_mirror)(float *place, float last, int64_t count) {
    CK_NO_FUSION
    float period = last > 0 ? 2 * last : 1, share = 1 / period;
    CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
        float x = fabsf(place[i]);
        x = x - period * (float)(int32_t)(x * share);
        x = last - fabsf(x - last);
        place[i] = x > 0 ? x : 0;
    }
}

// One row of a result, at most 64 columns at a time.
static void CK_NAME(picture_row)(uint8_t *y, const ck_resampling *r, int64_t row) {
    CK_NO_FUSION
    enum { COLUMNS = 64 };
    const float *m = r->matrix;
    const float right = (float)r->width, bottom = (float)r->height;
    const int32_t quad_row = (int32_t)(r->width + 2);
    const int64_t padded = ck_padded_width(r->width);
    for (int64_t first = 0; first < r->width; first += COLUMNS) {
        float sx[COLUMNS], sy[COLUMNS];
        uint8_t bytes[COLUMNS];
        int64_t wanted = ck_min(COLUMNS, r->width - first);
        int64_t count = ck_padded_width(wanted);
        if (r->dx != NULL) {
            const float *dx = r->dx + row * padded + first, *dy = r->dy + row * padded + first;
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
                float p = (float)(int32_t)(first + i) + dx[i], q = (float)row + dy[i];
                sx[i] = m[0] * p + (m[1] * q + m[2]);
                sy[i] = m[3] * p + (m[4] * q + m[5]);
            }
        } else {
            const float x0 = m[1] * (float)row + m[2], y0 = m[4] * (float)row + m[5];
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
                float p = (float)(int32_t)(first + i);
                sx[i] = m[0] * p + x0;
                sy[i] = m[3] * p + y0;
            }
        }
        if (r->mirrors) {
            CK_NAME(picture_mirror)(sx, right - 1, count);
            CK_NAME(picture_mirror)(sy, bottom - 1, count);
        }
        CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
            float x = sx[i] > -1 ? sx[i] : -1, z = sy[i] > -1 ? sy[i] : -1;
            x = (x < right ? x : right) + 1;
            z = (z < bottom ? z : bottom) + 1;
            int32_t column = (int32_t)x, line = (int32_t)z;
            float fx = x - (float)column, fy = z - (float)line;
            uint32_t quad = r->quads[line * quad_row + column];
            float a = (float)(int32_t)(quad & 255), b = (float)(int32_t)(quad >> 8 & 255);
            float c = (float)(int32_t)(quad >> 16 & 255), d = (float)(int32_t)(quad >> 24);
            float upper = a + (b - a) * fx, lower = c + (d - c) * fx;
            bytes[i] = (uint8_t)(int32_t)(upper + (lower - upper) * fy + 0.5f);
        }
        memcpy(y + first, bytes, (size_t)wanted);
    }
}

// Four numbers in -amplitude ... amplitude of 16 bits each from every word; y has room for them.
static void CK_NAME(picture_noise)(
    float *y, uint64_t state, int64_t words, float amplitude) {
    CK_NO_FUSION
    const float step = amplitude * 0x1p-15f;
    for (int64_t i = 0; i < words; i++) {
        uint64_t z = state + (uint64_t)(i + 1) * 0x9E3779B97F4A7C15u;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
        z = (z ^ z >> 27) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        y[4 * i] = ((float)(int32_t)(z & 65535) - 32767.5f) * step;
        y[4 * i + 1] = ((float)(int32_t)(z >> 16 & 65535) - 32767.5f) * step;
        y[4 * i + 2] = ((float)(int32_t)(z >> 32 & 65535) - 32767.5f) * step;
        y[4 * i + 3] = ((float)(int32_t)(z >> 48) - 32767.5f) * step;
    }
}

// y[i] = sum over k of taps[k] * x[i + k * stride]; count is a multiple of CK_PICTURE_LANES.
static void CK_NAME(picture_fold)(
    float *y, const float *x, int64_t count, const float *taps, int64_t tap_count,
    int64_t stride) {
    CK_NO_FUSION
    for (int64_t first = 0; first < count; first += CK_PICTURE_LANES) {
        float sum[CK_PICTURE_LANES] = {0};
        for (int64_t k = 0; k < tap_count; k++) {
            const float *line = x + first + k * stride;
            for (int64_t i = 0; i < CK_PICTURE_LANES; i++) sum[i] = sum[i] + taps[k] * line[i];
        }
        memcpy(y + first, sum, sizeof sum);
    }
}

static void CK_NAME(picture_scale)(uint8_t *x, int64_t count, float scale, float shift) {
    CK_NO_FUSION
    CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
        float y = (float)x[i] * scale + shift;
        y = y > 0 ? y : 0;
        y = y < 255 ? y : 255;
        x[i] = (uint8_t)(int32_t)(y + 0.5f);
    }
}

static void CK_NAME(picture_floats)(
    float *y, const uint8_t *x, int64_t count, double scale, double shift) {
    CK_NO_FUSION
    CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
        y[i] = (float)((double)x[i] * scale + shift);
    }
}

static void CK_NAME(picture_mix)(
    float *y, const uint8_t *a, const uint8_t *b, int64_t count, float share) {
    CK_NO_FUSION
    const float rest = 1 - share;
    CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
        y[i] = (float)a[i] * share + (float)b[i] * rest;
    }
}
