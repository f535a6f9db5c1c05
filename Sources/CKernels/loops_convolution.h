// The inner loops of convolutions without padding over channels-last images: products of a few rows
// (pixels) with a few vectors of columns (channels) that stay in machine registers.

// Lanes of a vector, and how many rows go with 1, 2, 3 or 4 vectors of columns: sums, columns and one
// number more have to fit into the machine's registers.
#if defined(CK_TARGET_AVX512)
enum { CK_NAME(lane_count) = 16 };
#define CK_ROWS_1 8
#define CK_ROWS_2 8
#define CK_ROWS_3 8
#define CK_ROWS_4 6
#elif defined(CK_TARGET_AVX2)
enum { CK_NAME(lane_count) = 8 };
#define CK_ROWS_1 8
#define CK_ROWS_2 6
#define CK_ROWS_3 0
#define CK_ROWS_4 0
#else
enum { CK_NAME(lane_count) = 4 };
#define CK_ROWS_1 8
#define CK_ROWS_2 6
#define CK_ROWS_3 0
#define CK_ROWS_4 0
#endif

typedef float CK_NAME(vector)
    __attribute__((vector_size(CK_NAME(lane_count) * 4), aligned(4), may_alias));

#define CK_LANES CK_NAME(vector)
#define CK_WIDTH CK_NAME(lane_count)
#if defined(__clang__)
#define CK_UNROLL _Pragma("clang loop unroll(full)")
#else
#define CK_UNROLL _Pragma("GCC unroll 8")
#endif
#define CK_INLINE static inline __attribute__((always_inline))

CK_INLINE CK_LANES CK_NAME(read_lanes)(const float *x) { return *(const CK_LANES *)x; }
CK_INLINE void CK_NAME(write_lanes)(float *y, CK_LANES value) { *(CK_LANES *)y = value; }

// The first `count` lanes; the others are 0, and nothing behind is touched.
CK_INLINE CK_LANES CK_NAME(read_some)(const float *x, int count) {
    CK_LANES result = {0};
#if defined(CK_TARGET_AVX512)
    result = (CK_LANES)__builtin_ia32_loadups512_mask(
        (const void *)x, (CK_LANES){0}, (unsigned short)((1u << count) - 1));
#elif defined(CK_TARGET_AVX2)
    typedef int mask __attribute__((vector_size(32)));
    const mask place = {0, 1, 2, 3, 4, 5, 6, 7};
    result = (CK_LANES)__builtin_ia32_maskloadps256((const void *)x, place < count);
#else
    for (int i = 0; i < count; i++) result[i] = x[i];
#endif
    return result;
}

#if defined(CK_TARGET_AVX512)
CK_INLINE void CK_NAME(write_some)(float *y, CK_LANES value, int count) {
    __builtin_ia32_storeups512_mask((void *)y, value, (unsigned short)((1u << count) - 1));
}
#else
// In pieces, for masked stores take long on some processors.
CK_INLINE void CK_NAME(write_some)(float *y, CK_LANES value, int count) {
    typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
    typedef float two __attribute__((vector_size(8), aligned(4), may_alias));
    four now = __builtin_shufflevector(value, value, 0, 1, 2, 3);
#if defined(CK_TARGET_AVX2)
    if (count & 4) {
        *(four *)y = now;
        y += 4;
        now = __builtin_shufflevector(value, value, 4, 5, 6, 7);
    }
#endif
    if (count & 2) {
        *(two *)y = __builtin_shufflevector(now, now, 0, 1);
        y += 2;
        now = __builtin_shufflevector(now, now, 2, 3, 2, 3);
    }
    if (count & 1) *y = now[0];
}
#endif

// y[p, :] = start + Σ over o < outer, k < inner of a[p, o, k] · b[o, k, :] for `rows` rows and
// `vectors` vectors of columns, of which the last has `rest` lanes.
CK_INLINE void CK_NAME(product_tile)(const ck_product *m, int rows, int vectors, int rest) {
    CK_LANES sums[8][4];
    const float *a = m->a, *b = m->b;
    CK_UNROLL for (int v = 0; v < vectors; v++) {
        CK_LANES start = {0};
        if (m->start != NULL) {
            const float *from = m->start + v * CK_WIDTH;
            start = v < vectors - 1
                ? CK_NAME(read_lanes)(from) : CK_NAME(read_some)(from, rest);
        }
        CK_UNROLL for (int p = 0; p < rows; p++) sums[p][v] = start;
    }
    for (int64_t o = 0; o < m->outer; o++) {
        const float *x = a;
        for (int64_t k = 0; k < m->inner; k++) {
            CK_LANES columns[4];
            CK_UNROLL for (int v = 0; v < vectors; v++) {
                columns[v] = CK_NAME(read_lanes)(b + v * CK_WIDTH);
            }
            CK_UNROLL for (int p = 0; p < rows; p++) {
                CK_LANES number = x[p * m->a_row] - (CK_LANES){0};
                CK_UNROLL for (int v = 0; v < vectors; v++) sums[p][v] += number * columns[v];
            }
            x++;
            b += m->b_row;
        }
        a += m->a_outer;
    }
    CK_UNROLL for (int p = 0; p < rows; p++) {
        float *y = m->y + p * m->y_row;
        CK_UNROLL for (int v = 0; v < vectors - 1; v++) {
            CK_LANES sum = sums[p][v];
            if (m->adds) sum += CK_NAME(read_lanes)(y + v * CK_WIDTH);
            CK_NAME(write_lanes)(y + v * CK_WIDTH, sum);
        }
        float *last = y + (vectors - 1) * CK_WIDTH;
        CK_LANES sum = sums[p][vectors - 1];
        if (rest == CK_WIDTH) {
            if (m->adds) sum += CK_NAME(read_lanes)(last);
            CK_NAME(write_lanes)(last, sum);
        } else {
            if (m->adds) sum += CK_NAME(read_some)(last, rest);
            CK_NAME(write_some)(last, sum, rest);
        }
    }
}

// y[p, :] = Σ over o < outer, k < inner of a[o, k, p] · b[o, k, :]: rows are neighbours in `a`. With
// `adds`, which also takes for granted that y has whole vectors of columns, it is added to y.
CK_INLINE void CK_NAME(outer_tile)(const ck_product *m, int rows, int vectors, int rest) {
    CK_LANES sums[8][4];
    CK_UNROLL for (int p = 0; p < rows; p++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) sums[p][v] = (CK_LANES){0};
    }
    for (int64_t o = 0; o < m->outer; o++) {
        const float *a = m->a + o * m->a_outer, *b = m->b + o * m->b_outer;
        for (int64_t k = 0; k < m->inner; k++) {
            CK_LANES columns[4];
            CK_UNROLL for (int v = 0; v < vectors - 1; v++) {
                columns[v] = CK_NAME(read_lanes)(b + v * CK_WIDTH);
            }
            const float *last = b + (vectors - 1) * CK_WIDTH;
            columns[vectors - 1] = rest == CK_WIDTH
                ? CK_NAME(read_lanes)(last) : CK_NAME(read_some)(last, rest);
            CK_UNROLL for (int p = 0; p < rows; p++) {
                CK_LANES number = a[p] - (CK_LANES){0};
                CK_UNROLL for (int v = 0; v < vectors; v++) sums[p][v] += number * columns[v];
            }
            a += m->a_row;
            b += m->b_row;
        }
    }
    CK_UNROLL for (int p = 0; p < rows; p++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            float *y = m->y + p * m->y_row + v * CK_WIDTH;
            if (m->adds) {
                CK_NAME(write_lanes)(y, CK_NAME(read_lanes)(y) + sums[p][v]);
            } else if (v < vectors - 1 || rest == CK_WIDTH) {
                CK_NAME(write_lanes)(y, sums[p][v]);
            } else {
                CK_NAME(write_some)(y, sums[p][v], rest);
            }
        }
    }
}

// One function for each number of rows and vectors, so that everything stays in registers.
#define CK_TILE(kind, p, v) \
    static void CK_NAME(kind##_##p##_##v)(const ck_product *m) { \
        if (m->rest == CK_WIDTH) CK_NAME(kind##_tile)(m, p, v, CK_WIDTH); \
        else CK_NAME(kind##_tile)(m, p, v, m->rest); \
    }
#define CK_TILES(kind, v) \
    CK_TILE(kind, 1, v) CK_TILE(kind, 2, v) CK_TILE(kind, 3, v) CK_TILE(kind, 4, v) \
    CK_TILE(kind, 5, v) CK_TILE(kind, 6, v) CK_TILE(kind, 7, v) CK_TILE(kind, 8, v)
CK_TILES(product, 1)
CK_TILES(outer, 1)
CK_TILES(product, 2)
CK_TILES(outer, 2)
#if CK_ROWS_4 > 0
CK_TILES(product, 3)
CK_TILES(outer, 3)
CK_TILES(product, 4)
CK_TILES(outer, 4)
#endif

#define CK_TILE_NAMES(kind, v) { \
    CK_NAME(kind##_1_##v), CK_NAME(kind##_2_##v), CK_NAME(kind##_3_##v), CK_NAME(kind##_4_##v), \
    CK_NAME(kind##_5_##v), CK_NAME(kind##_6_##v), CK_NAME(kind##_7_##v), CK_NAME(kind##_8_##v)}
#if CK_ROWS_4 > 0
#define CK_ALL_TILES(kind) { \
    CK_TILE_NAMES(kind, 1), CK_TILE_NAMES(kind, 2), CK_TILE_NAMES(kind, 3), CK_TILE_NAMES(kind, 4)}
#else
#define CK_ALL_TILES(kind) { \
    CK_TILE_NAMES(kind, 1), CK_TILE_NAMES(kind, 2)}
#endif
