// Loads and stores: between memory types and register classes, with any stride.

#define CK_LOAD(class, T, type, M, value) \
    static void CK_NAME(load_##class##_##type)( \
        void *yp, const void *xp, int64_t stride, int64_t count) { \
        T *y = yp; \
        const M *x = xp; \
        if (stride == 1) { \
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) { M m = x[i]; y[i] = (T)(value); } \
        } else if (stride == 0) { \
            M m = x[0]; \
            T number = (T)(value); \
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) y[i] = number; \
        } else { \
            for (int64_t i = 0; i < count; i++) { M m = x[i * stride]; y[i] = (T)(value); } \
        } \
    }

#define CK_STORE(class, T, type, M, value) \
    static void CK_NAME(store_##class##_##type)( \
        void *yp, int64_t stride, const void *xp, int64_t count) { \
        M *y = yp; \
        const T *x = xp; \
        if (stride == 1) { \
            CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) { T t = x[i]; y[i] = (M)(value); } \
        } else { \
            for (int64_t i = 0; i < count; i++) { T t = x[i]; y[i * stride] = (M)(value); } \
        } \
    }

#define CK_LOADS(class, T) \
    CK_LOAD(class, T, f32, float, m) \
    CK_LOAD(class, T, f64, double, m) \
    CK_LOAD(class, T, i32, int32_t, m) \
    CK_LOAD(class, T, i64, int64_t, m) \
    CK_LOAD(class, T, u8, uint8_t, m) \
    CK_LOAD(class, T, bool, uint8_t, m != 0)

CK_LOADS(f32, float)
CK_LOADS(f64, double)
CK_LOAD(i64, int64_t, f32, float, CK_NAME(to_i64)(m))
CK_LOAD(i64, int64_t, f64, double, CK_NAME(to_i64)(m))
CK_LOAD(i64, int64_t, i32, int32_t, m)
CK_LOAD(i64, int64_t, i64, int64_t, m)
CK_LOAD(i64, int64_t, u8, uint8_t, m)
CK_LOAD(i64, int64_t, bool, uint8_t, m != 0)

// Floats to integers truncate and saturate; NaN becomes 0.
#define CK_TO_I32(t) \
    ((t) >= 0x1p31f ? INT32_MAX : (t) > -0x1p31f ? (int32_t)(t) : (t) == (t) ? INT32_MIN : 0)
#define CK_TO_I64(t) \
    ((t) >= 0x1p63f ? INT64_MAX : (t) > -0x1p63f ? (int64_t)(t) : (t) == (t) ? INT64_MIN : 0)
#define CK_TO_U8(t) ((t) >= 255 ? 255 : (t) > 0 ? (int32_t)(t) : 0)

#define CK_FLOAT_STORES(class, T) \
    CK_STORE(class, T, f32, float, t) \
    CK_STORE(class, T, f64, double, t) \
    CK_STORE(class, T, i32, int32_t, CK_TO_I32(t)) \
    CK_STORE(class, T, i64, int64_t, CK_TO_I64(t)) \
    CK_STORE(class, T, u8, uint8_t, CK_TO_U8(t)) \
    CK_STORE(class, T, bool, uint8_t, t != 0)

CK_FLOAT_STORES(f32, float)
CK_FLOAT_STORES(f64, double)
CK_STORE(i64, int64_t, f32, float, t)
CK_STORE(i64, int64_t, f64, double, t)
CK_STORE(i64, int64_t, i32, int32_t, t)
CK_STORE(i64, int64_t, i64, int64_t, t)
CK_STORE(i64, int64_t, u8, uint8_t, t)
CK_STORE(i64, int64_t, bool, uint8_t, t != 0)
