// Max pooling over images with the channels of a pixel side by side: one place of the window at a time,
// over all pixels of an output row. `step` is the distance from one window to the next in the input.

// There are often fewer channels than an unrolled vector loop wants, so these are not unrolled, and
// masked where the processor has masks.
#if !defined(__clang__)
#define CK_CHANNEL_LOOP CK_VECTOR_LOOP
#elif defined(CK_TARGET_AVX512)
#define CK_CHANNEL_LOOP \
    _Pragma("clang loop vectorize(assume_safety) interleave_count(1) vectorize_predicate(enable)")
#else
#define CK_CHANNEL_LOOP _Pragma("clang loop vectorize(assume_safety) interleave_count(1)")
#endif

// The first place of each window.
static void CK_NAME(pool_start)(
    float *y, int32_t *places, const float *x, int64_t pixels, int64_t step, int64_t channels) {
    for (int64_t p = 0; p < pixels; p++) {
        const float *from = x + p * step;
        float *best = y + p * channels;
        int32_t *place_of_best = places + p * channels;
        CK_CHANNEL_LOOP for (int64_t c = 0; c < channels; c++) {
            best[c] = from[c];
            place_of_best[c] = 0;
        }
    }
}

// Another place: it wins when its number is larger or the first NaN, or when nothing was there yet.
static void CK_NAME(pool_update)(
    float *y, int32_t *places, const float *x, int64_t pixels, int64_t step, int64_t channels,
    int32_t place) {
    for (int64_t p = 0; p < pixels; p++) {
        const float *from = x + p * step;
        float *best = y + p * channels;
        int32_t *place_of_best = places + p * channels;
        CK_CHANNEL_LOOP for (int64_t c = 0; c < channels; c++) {
            float candidate = from[c], now = best[c];
            int32_t place_now = place_of_best[c];
            int wins = (place_now < 0) | (!(candidate <= now) & (now == now));
            best[c] = wins ? candidate : now;
            place_of_best[c] = wins ? place : place_now;
        }
    }
}

// Sends dy to the windows whose best place is `place`; everything else there gets 0.
static void CK_NAME(pool_assign)(
    float *dx, const float *dy, const int32_t *places, int64_t pixels, int64_t step,
    int64_t channels, int32_t place) {
    for (int64_t p = 0; p < pixels; p++) {
        float *to = dx + p * step;
        const float *from = dy + p * channels;
        const int32_t *best = places + p * channels;
        CK_CHANNEL_LOOP for (int64_t c = 0; c < channels; c++) {
            float gradient = from[c];
            to[c] = best[c] == place ? gradient : 0;
        }
    }
}

// The same for windows that overlap.
static void CK_NAME(pool_add)(
    float *dx, const float *dy, const int32_t *places, int64_t pixels, int64_t step,
    int64_t channels, int32_t place) {
    for (int64_t p = 0; p < pixels; p++) {
        float *to = dx + p * step;
        const float *from = dy + p * channels;
        const int32_t *best = places + p * channels;
        CK_CHANNEL_LOOP for (int64_t c = 0; c < channels; c++) {
            float gradient = from[c], now = to[c];
            to[c] = best[c] == place ? now + gradient : now;
        }
    }
}

// Windows of two by two in one go, for they are by far the most common. `row` is the distance from one
// row of the input to the next.

static inline void CK_NAME(pool_choose)(
    float *best, int32_t *place_of_best, float candidate, int32_t place) {
    float now = *best;
    int wins = !(candidate <= now) & (now == now);
    *best = wins ? candidate : now;
    *place_of_best = wins ? place : *place_of_best;
}

static inline void CK_NAME(pool_four_loop)(
    float *y, int32_t *places, const float *x, int64_t row, int64_t first, int64_t pixels,
    int64_t step, int64_t channels) {
    for (int64_t p = first; p < pixels; p++) {
        const float *upper = x + p * step, *lower = upper + row;
        float *to = y + p * channels;
        int32_t *places_to = places + p * channels;
        CK_CHANNEL_LOOP for (int64_t c = 0; c < channels; c++) {
            float best = upper[c];
            int32_t place = 0;
            CK_NAME(pool_choose)(&best, &place, upper[c + channels], 1);
            CK_NAME(pool_choose)(&best, &place, lower[c], 2);
            CK_NAME(pool_choose)(&best, &place, lower[c + channels], 3);
            to[c] = best;
            places_to[c] = place;
        }
    }
}

static inline void CK_NAME(pool_four_assign_loop)(
    float *dx, const float *dy, const int32_t *places, int64_t row, int64_t first, int64_t pixels,
    int64_t step, int64_t channels) {
    for (int64_t p = first; p < pixels; p++) {
        float *upper = dx + p * step, *lower = upper + row;
        const float *from = dy + p * channels;
        const int32_t *best = places + p * channels;
        CK_CHANNEL_LOOP for (int64_t c = 0; c < channels; c++) {
            float gradient = from[c];
            int32_t place = best[c];
            upper[c] = place == 0 ? gradient : 0;
            upper[c + channels] = place == 1 ? gradient : 0;
            lower[c] = place == 2 ? gradient : 0;
            lower[c + channels] = place == 3 ? gradient : 0;
        }
    }
}

#if defined(CK_TARGET_AVX512) || !defined(__clang__)

// Masks take care of any number of channels.

static void CK_NAME(pool_four)(
    float *y, int32_t *places, const float *x, int64_t row, int64_t pixels, int64_t step,
    int64_t channels) {
    CK_NAME(pool_four_loop)(y, places, x, row, 0, pixels, step, channels);
}

static void CK_NAME(pool_four_assign)(
    float *dx, const float *dy, const int32_t *places, int64_t row, int64_t pixels,
    int64_t step, int64_t channels) {
    CK_NAME(pool_four_assign_loop)(dx, dy, places, row, 0, pixels, step, channels);
}

#else

// Without masks, whole vectors: the last vector of a pixel overlaps the one before it, and where a
// pixel is shorter than a vector, what is written too far is written again by the pixels to come. The
// last pixels, for which that does not hold, go one number at a time.

#if defined(CK_TARGET_AVX2)
enum { CK_NAME(pool_width) = 8 };
#else
enum { CK_NAME(pool_width) = 4 };
#endif
typedef float CK_NAME(pool_lanes)
    __attribute__((vector_size(CK_NAME(pool_width) * 4), aligned(4), may_alias));
typedef int32_t CK_NAME(pool_mask)
    __attribute__((vector_size(CK_NAME(pool_width) * 4), aligned(4), may_alias));

#define CK_LANES(p) (*(const CK_NAME(pool_lanes) *)(p))

// How many pixels of a row whole vectors may handle. Windows lie side by side.
static inline int64_t CK_NAME(pool_whole)(int64_t pixels, int64_t channels) {
    int64_t width = CK_NAME(pool_width);
    if (channels >= width) return pixels;
    int64_t by_result = (pixels * channels - width) / channels;
    int64_t by_input = (2 * channels * pixels - channels - width) / (2 * channels);
    return ck_max(0, 1 + ck_min(by_result, by_input));
}

static inline void CK_NAME(pool_choose_lanes)(
    CK_NAME(pool_lanes) *best, CK_NAME(pool_mask) *place_of_best, CK_NAME(pool_lanes) candidate,
    int32_t place) {
    CK_NAME(pool_lanes) now = *best;
    CK_NAME(pool_mask) wins = ~(candidate <= now) & (now == now);
    *best = (CK_NAME(pool_lanes))(
        (wins & (CK_NAME(pool_mask))candidate) | (~wins & (CK_NAME(pool_mask))now));
    *place_of_best = (wins & place) | (~wins & *place_of_best);
}

static void CK_NAME(pool_four)(
    float *y, int32_t *places, const float *x, int64_t row, int64_t pixels, int64_t step,
    int64_t channels) {
    int64_t whole = CK_NAME(pool_whole)(pixels, channels), width = CK_NAME(pool_width);
    for (int64_t p = 0; p < whole; p++) {
        const float *upper = x + p * step, *lower = upper + row;
        float *to = y + p * channels;
        int32_t *places_to = places + p * channels;
        for (int64_t next = 0; next < channels; next += width) {
            int64_t c = next + width <= channels ? next : ck_max(0, channels - width);
            CK_NAME(pool_lanes) best = CK_LANES(upper + c);
            CK_NAME(pool_mask) place = {0};
            CK_NAME(pool_choose_lanes)(&best, &place, CK_LANES(upper + c + channels), 1);
            CK_NAME(pool_choose_lanes)(&best, &place, CK_LANES(lower + c), 2);
            CK_NAME(pool_choose_lanes)(&best, &place, CK_LANES(lower + c + channels), 3);
            *(CK_NAME(pool_lanes) *)(to + c) = best;
            *(CK_NAME(pool_mask) *)(places_to + c) = place;
        }
    }
    CK_NAME(pool_four_loop)(y, places, x, row, whole, pixels, step, channels);
}

static void CK_NAME(pool_four_assign)(
    float *dx, const float *dy, const int32_t *places, int64_t row, int64_t pixels,
    int64_t step, int64_t channels) {
    typedef CK_NAME(pool_mask) mask;
    int64_t whole = CK_NAME(pool_whole)(pixels, channels), width = CK_NAME(pool_width);
    for (int64_t p = 0; p < whole; p++) {
        float *upper = dx + p * step, *lower = upper + row;
        const float *from = dy + p * channels;
        const int32_t *best = places + p * channels;
        for (int k = 0; k < 2; k++) {
            for (int64_t next = 0; next < channels; next += width) {
                int64_t c = next + width <= channels ? next : ck_max(0, channels - width);
                mask gradient = *(const mask *)(from + c), place = *(const mask *)(best + c);
                *(mask *)(upper + k * channels + c) = gradient & (place == k);
                *(mask *)(lower + k * channels + c) = gradient & (place == 2 + k);
            }
        }
    }
    CK_NAME(pool_four_assign_loop)(dx, dy, places, row, whole, pixels, step, channels);
}

#undef CK_LANES
#endif

#undef CK_CHANNEL_LOOP
