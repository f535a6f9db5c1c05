// Folds for reductions. Within a block many partial results keep vectors busy and rounding small;
// between blocks the totals are doubles (or 64-bit integers). NaN wins max and min.

#define CK_SUM_OF(a, b) ((a) + (b))
#define CK_PRODUCT_OF(a, b) ((a) * (b))
#define CK_MAX_OF(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))
#define CK_MIN_OF(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
#define CK_SUM_OF_INTEGERS(a, b) ((int64_t)((uint64_t)(a) + (uint64_t)(b)))
#define CK_PRODUCT_OF_INTEGERS(a, b) ((int64_t)((uint64_t)(a) * (uint64_t)(b)))

// The number of partial results of a line; all of them fit in four registers of the widest kind.
enum { CK_NAME(lanes) = 64 };

#define CK_FOLD(class, kind, T, A, OF) \
    static inline T CK_NAME(line_##class##_##kind)(const T *x, int64_t length) { \
        enum { lanes = CK_NAME(lanes) }; \
        T result = x[0]; \
        int64_t i = 1; \
        if (length >= lanes) { \
            T lane[lanes]; \
            for (int j = 0; j < lanes; j++) lane[j] = x[j]; \
            for (i = lanes; i + lanes <= length; i += lanes) { \
                for (int j = 0; j < lanes; j++) lane[j] = OF(lane[j], x[i + j]); \
            } \
            for (int half = lanes / 2; half > 0; half /= 2) { \
                for (int j = 0; j < half; j++) lane[j] = OF(lane[j], lane[j + half]); \
            } \
            result = lane[0]; \
        } \
        for (; i < length; i++) result = OF(result, x[i]); \
        return result; \
    } \
    static void CK_NAME(lines_##class##_##kind)( \
        void *totals, const void *xp, int64_t lines, int64_t length) { \
        A *total = totals; \
        const T *x = xp; \
        for (int64_t l = 0; l < lines; l++, x += length) { \
            A value = (A)CK_NAME(line_##class##_##kind)(x, length); \
            total[l] = OF(total[l], value); \
        } \
    } \
    static void CK_NAME(rows_##class##_##kind)( \
        void *totals, void *scratch, const void *xp, int64_t rows, int64_t width) { \
        A *total = totals; \
        T *y = scratch; \
        const T *x = xp; \
        while (rows > 1) { \
            int64_t half = rows / 2, rest = rows - half; \
            const T *upper = x + rest * width; \
            CK_VECTOR_LOOP for (int64_t i = 0; i < half * width; i++) { \
                T a = x[i], b = upper[i]; \
                y[i] = OF(a, b); \
            } \
            if (rest > half && x != y) { \
                memcpy(y + half * width, x + half * width, (size_t)width * sizeof(T)); \
            } \
            x = y; \
            rows = rest; \
        } \
        CK_VECTOR_LOOP for (int64_t k = 0; k < width; k++) { \
            A a = total[k], b = (A)x[k]; \
            total[k] = OF(a, b); \
        } \
    }

CK_FOLD(f32, sum, float, double, CK_SUM_OF)
CK_FOLD(f32, product, float, double, CK_PRODUCT_OF)
CK_FOLD(f32, max, float, double, CK_MAX_OF)
CK_FOLD(f32, min, float, double, CK_MIN_OF)
CK_FOLD(f64, sum, double, double, CK_SUM_OF)
CK_FOLD(f64, product, double, double, CK_PRODUCT_OF)
CK_FOLD(f64, max, double, double, CK_MAX_OF)
CK_FOLD(f64, min, double, double, CK_MIN_OF)
CK_FOLD(i64, sum, int64_t, int64_t, CK_SUM_OF_INTEGERS)
CK_FOLD(i64, product, int64_t, int64_t, CK_PRODUCT_OF_INTEGERS)
CK_FOLD(i64, max, int64_t, int64_t, CK_MAX_OF)
CK_FOLD(i64, min, int64_t, int64_t, CK_MIN_OF)
