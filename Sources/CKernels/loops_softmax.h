// Softmax: y = exp(x - m) / Σ exp(x - m), and its logarithm x - m - log Σ exp(x - m), with m = max
// x. A row with NaN, with plus infinity or of minus infinities only becomes NaN.

// Several short rows are handled together, so that the exponentials fill vectors.
enum { CK_NAME(softmax_block) = 1024 };

static inline void CK_NAME(exp_of)(float *y, const float *x, int64_t count) {
    CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) y[i] = CK_NAME(exp)(x[i]);
}

// Short rows: `count` = rows · axis <= softmax_block.
static void CK_NAME(softmax_short_rows)(
    const float *x, float *y, int64_t rows, int64_t axis, bool logarithm) {
    float shifted[CK_NAME(softmax_block)], powers[CK_NAME(softmax_block)];
    for (int64_t r = 0; r < rows; r++) {
        const float *row = x + r * axis;
        float *result = shifted + r * axis;
        float most = CK_NAME(line_f32_max)(row, axis);
        for (int64_t i = 0; i < axis; i++) result[i] = row[i] - most;
    }
    CK_NAME(exp_of)(powers, shifted, rows * axis);
    for (int64_t r = 0; r < rows; r++) {
        const float *numerator = (logarithm ? shifted : powers) + r * axis;
        float *result = y + r * axis;
        float sum = CK_NAME(line_f32_sum)(powers + r * axis, axis);
        if (logarithm) {
            float log_sum = CK_NAME(log)(sum);
            for (int64_t i = 0; i < axis; i++) result[i] = numerator[i] - log_sum;
        } else {
            for (int64_t i = 0; i < axis; i++) result[i] = numerator[i] / sum;
        }
    }
}

static void CK_NAME(softmax_long_row)(const float *x, float *y, int64_t axis, bool logarithm) {
    float powers[CK_NAME(softmax_block)];
    float most = CK_NAME(line_f32_max)(x, axis);
    double sum = 0;
    for (int64_t first = 0; first < axis; first += CK_NAME(softmax_block)) {
        int64_t count = ck_min(CK_NAME(softmax_block), axis - first);
        float *power = logarithm ? powers : y + first;
        CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
            power[i] = CK_NAME(exp)(x[first + i] - most);
        }
        sum += (double)CK_NAME(line_f32_sum)(power, count);
    }
    float total = (float)sum;
    float log_sum = CK_NAME(log)(total);
    if (logarithm) {
        CK_VECTOR_LOOP for (int64_t i = 0; i < axis; i++) y[i] = (x[i] - most) - log_sum;
    } else {
        CK_VECTOR_LOOP for (int64_t i = 0; i < axis; i++) y[i] = y[i] / total;
    }
}

static void CK_NAME(softmax_rows)(
    const float *x, float *y, int64_t rows, int64_t axis, bool logarithm) {
    if (axis > CK_NAME(softmax_block) / 4) {
        for (int64_t r = 0; r < rows; r++) {
            CK_NAME(softmax_long_row)(x + r * axis, y + r * axis, axis, logarithm);
        }
        return;
    }
    int64_t group = CK_NAME(softmax_block) / axis;
    for (int64_t r = 0; r < rows; r += group) {
        int64_t offset = r * axis;
        CK_NAME(softmax_short_rows)(
            x + offset, y + offset, ck_min(group, rows - r), axis, logarithm);
    }
}

// Columns side by side: the vectors run along the columns' neighbours.
static void CK_NAME(softmax_columns)(
    const float *x, float *y, int64_t axis, int64_t stride, int64_t width, bool logarithm) {
    enum { tile = 256 };
    for (int64_t first = 0; first < width; first += tile) {
        int64_t count = ck_min(tile, width - first);
        float most[tile], sum[tile];
        for (int64_t i = 0; i < count; i++) most[i] = x[first + i], sum[i] = 0;
        for (int64_t k = 1; k < axis; k++) {
            const float *row = x + k * stride + first;
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
                float a = most[i], b = row[i];
                most[i] = CK_MAX_OF(a, b);
            }
        }
        for (int64_t k = 0; k < axis; k++) {
            const float *row = x + k * stride + first;
            float *result = y + k * stride + first;
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
                float shifted = row[i] - most[i];
                float power = CK_NAME(exp)(shifted);
                sum[i] += power;
                result[i] = logarithm ? shifted : power;
            }
        }
        if (logarithm) {
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) sum[i] = CK_NAME(log)(sum[i]);
        }
        for (int64_t k = 0; k < axis; k++) {
            float *result = y + k * stride + first;
            if (logarithm) {
                CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) result[i] -= sum[i];
            } else {
                CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) result[i] /= sum[i];
            }
        }
    }
}
