// The transforms of Winograd's F(2×2, 3×3), see winograd.c, for one tile and all its channels. A tile
// has 16 numbers per channel, which lie `apart` from each other; a run of `panel` channels is together,
// and the next run lies `step` behind it.

// Where the vector number v of a tile's channels lies.
#define CK_PLACE(v) ((v) / per_panel * step + (v) % per_panel * CK_WIDTH)

// to = Bᵀ · image · B, for the 16 pixels of an image's 4×4 patch.
static void CK_NAME(winograd_image)(
    float *const pixels[16], float *to, int64_t apart, int64_t step, int64_t panel,
    int64_t channels) {
    int64_t per_panel = panel / CK_WIDTH;
    for (int64_t v = 0; v < channels / CK_WIDTH; v++) {
        int64_t c = v * CK_WIDTH;
        float *y = to + CK_PLACE(v);
        CK_UNROLL for (int j = 0; j < 4; j++) {
            CK_LANES row[4];
            CK_UNROLL for (int i = 0; i < 4; i++) {
                float *const *p = pixels + 4 * i;
                CK_LANES one = CK_NAME(read_lanes)(p[j == 0 ? 0 : j == 2 ? 2 : 1] + c);
                CK_LANES two = CK_NAME(read_lanes)(p[j == 2 ? 1 : j == 3 ? 3 : 2] + c);
                row[i] = j == 1 ? one + two : one - two;
            }
            CK_NAME(write_lanes)(y + (0 + j) * apart, row[0] - row[2]);
            CK_NAME(write_lanes)(y + (4 + j) * apart, row[1] + row[2]);
            CK_NAME(write_lanes)(y + (8 + j) * apart, row[2] - row[1]);
            CK_NAME(write_lanes)(y + (12 + j) * apart, row[1] - row[3]);
        }
    }
}

// pixels = Aᵀ · from · A + bias, for the 4 pixels of a tile of the result.
static void CK_NAME(winograd_result)(
    const float *from, int64_t apart, int64_t step, int64_t panel, int64_t channels,
    const float *bias, float *const pixels[4]) {
    int64_t per_panel = panel / CK_WIDTH;
    for (int64_t v = 0; v < channels / CK_WIDTH; v++) {
        const float *x = from + CK_PLACE(v);
        CK_LANES upper[4], lower[4], start = {0};
        if (bias != NULL) start = CK_NAME(read_lanes)(bias + v * CK_WIDTH);
        CK_UNROLL for (int j = 0; j < 4; j++) {
            CK_LANES one = CK_NAME(read_lanes)(x + (4 + j) * apart);
            CK_LANES two = CK_NAME(read_lanes)(x + (8 + j) * apart);
            upper[j] = CK_NAME(read_lanes)(x + j * apart) + one + two;
            lower[j] = one - two - CK_NAME(read_lanes)(x + (12 + j) * apart);
        }
        int64_t c = v * CK_WIDTH;
        CK_NAME(write_lanes)(pixels[0] + c, upper[0] + upper[1] + upper[2] + start);
        CK_NAME(write_lanes)(pixels[1] + c, upper[1] - upper[2] - upper[3] + start);
        CK_NAME(write_lanes)(pixels[2] + c, lower[0] + lower[1] + lower[2] + start);
        CK_NAME(write_lanes)(pixels[3] + c, lower[1] - lower[2] - lower[3] + start);
    }
}

// to = A · pixels · Aᵀ: what becomes of the gradient of a tile of the result.
static void CK_NAME(winograd_result_gradient)(
    float *const pixels[4], float *to, int64_t apart, int64_t step, int64_t panel,
    int64_t channels) {
    int64_t per_panel = panel / CK_WIDTH;
    for (int64_t v = 0; v < channels / CK_WIDTH; v++) {
        int64_t c = v * CK_WIDTH;
        float *y = to + CK_PLACE(v);
        CK_LANES a = CK_NAME(read_lanes)(pixels[0] + c), b = CK_NAME(read_lanes)(pixels[1] + c);
        CK_LANES d = CK_NAME(read_lanes)(pixels[2] + c), e = CK_NAME(read_lanes)(pixels[3] + c);
        const CK_LANES upper[4] = {a, a + b, a - b, -b}, lower[4] = {d, d + e, d - e, -e};
        CK_UNROLL for (int j = 0; j < 4; j++) {
            CK_NAME(write_lanes)(y + (0 + j) * apart, upper[j]);
            CK_NAME(write_lanes)(y + (4 + j) * apart, upper[j] + lower[j]);
            CK_NAME(write_lanes)(y + (8 + j) * apart, upper[j] - lower[j]);
            CK_NAME(write_lanes)(y + (12 + j) * apart, -lower[j]);
        }
    }
}

// pixels += B · from · Bᵀ: what the gradient of a patch adds to an image's gradient.
static void CK_NAME(winograd_image_gradient)(
    const float *from, int64_t apart, int64_t step, int64_t panel, int64_t channels,
    float *const pixels[16]) {
    int64_t per_panel = panel / CK_WIDTH;
    for (int64_t v = 0; v < channels / CK_WIDTH; v++) {
        const float *x = from + CK_PLACE(v);
        int64_t c = v * CK_WIDTH;
        CK_UNROLL for (int i = 0; i < 4; i++) {
            CK_LANES row[4];
            CK_UNROLL for (int j = 0; j < 4; j++) {
                CK_LANES first = CK_NAME(read_lanes)(x + j * apart);
                CK_LANES second = CK_NAME(read_lanes)(x + (4 + j) * apart);
                CK_LANES third = CK_NAME(read_lanes)(x + (8 + j) * apart);
                CK_LANES fourth = CK_NAME(read_lanes)(x + (12 + j) * apart);
                row[j] = -fourth;
                if (i == 0) row[j] = first;
                if (i == 1) row[j] = second - third + fourth;
                if (i == 2) row[j] = second + third - first;
            }
            float *const *p = pixels + 4 * i;
            const CK_LANES sums[4] = {
                row[0], row[1] - row[2] + row[3], row[1] + row[2] - row[0], -row[3]};
            CK_UNROLL for (int j = 0; j < 4; j++) {
                CK_NAME(write_lanes)(p[j] + c, CK_NAME(read_lanes)(p[j] + c) + sums[j]);
            }
        }
    }
}

// to = G · from · Gᵀ for `count` neighbouring weights, whose 9 numbers lie `tap` apart.
static void CK_NAME(winograd_weights)(
    const float *from, int64_t tap, float *to, int64_t apart, int64_t count) {
    for (int64_t c = 0; c < count; c += CK_WIDTH) {
        CK_LANES half[4][3];
        CK_UNROLL for (int j = 0; j < 3; j++) {
            CK_LANES one = CK_NAME(read_lanes)(from + j * tap + c);
            CK_LANES two = CK_NAME(read_lanes)(from + (3 + j) * tap + c);
            CK_LANES three = CK_NAME(read_lanes)(from + (6 + j) * tap + c);
            half[0][j] = one;
            half[1][j] = 0.5f * (one + two + three);
            half[2][j] = 0.5f * (one - two + three);
            half[3][j] = three;
        }
        CK_UNROLL for (int i = 0; i < 4; i++) {
            float *y = to + 4 * i * apart + c;
            const CK_LANES *h = half[i];
            CK_NAME(write_lanes)(y, h[0]);
            CK_NAME(write_lanes)(y + apart, 0.5f * (h[0] + h[1] + h[2]));
            CK_NAME(write_lanes)(y + 2 * apart, 0.5f * (h[0] - h[1] + h[2]));
            CK_NAME(write_lanes)(y + 3 * apart, h[2]);
        }
    }
}

// to = Gᵀ · from · G for `count` neighbouring weights, whose 9 numbers lie `tap` apart.
static void CK_NAME(winograd_weights_gradient)(
    const float *from, int64_t apart, float *to, int64_t tap, int64_t count) {
    for (int64_t c = 0; c < count; c += CK_WIDTH) {
        CK_LANES half[3][4];
        CK_UNROLL for (int j = 0; j < 4; j++) {
            CK_LANES two = CK_NAME(read_lanes)(from + (4 + j) * apart + c);
            CK_LANES three = CK_NAME(read_lanes)(from + (8 + j) * apart + c);
            CK_LANES sum = 0.5f * (two + three);
            half[0][j] = CK_NAME(read_lanes)(from + j * apart + c) + sum;
            half[1][j] = 0.5f * (two - three);
            half[2][j] = sum + CK_NAME(read_lanes)(from + (12 + j) * apart + c);
        }
        CK_UNROLL for (int i = 0; i < 3; i++) {
            const CK_LANES *h = half[i];
            CK_LANES sum = 0.5f * (h[1] + h[2]);
            float *y = to + 3 * i * tap + c;
            CK_NAME(write_lanes)(y, h[0] + sum);
            CK_NAME(write_lanes)(y + tap, 0.5f * (h[1] - h[2]));
            CK_NAME(write_lanes)(y + 2 * tap, sum + h[3]);
        }
    }
}

#undef CK_PLACE
