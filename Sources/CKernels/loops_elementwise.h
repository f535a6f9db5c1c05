// One loop per operation and register class.

#define CK_OPERATIONS(class) { \
    [CK_COPY] = CK_NAME(copy_##class), [CK_NEGATE] = CK_NAME(negate_##class), \
    [CK_ABS] = CK_NAME(abs_##class), [CK_SIGN] = CK_NAME(sign_##class), \
    [CK_EXP] = CK_NAME(exp_##class), [CK_EXPM1] = CK_NAME(expm1_##class), \
    [CK_LOG] = CK_NAME(log_##class), [CK_LOG1P] = CK_NAME(log1p_##class), \
    [CK_SQRT] = CK_NAME(sqrt_##class), [CK_RSQRT] = CK_NAME(rsqrt_##class), \
    [CK_RECIPROCAL] = CK_NAME(reciprocal_##class), [CK_SIN] = CK_NAME(sin_##class), \
    [CK_COS] = CK_NAME(cos_##class), [CK_ERF] = CK_NAME(erf_##class), \
    [CK_TANH] = CK_NAME(tanh_##class), [CK_SIGMOID] = CK_NAME(sigmoid_##class), \
    [CK_RELU] = CK_NAME(relu_##class), [CK_FLOOR] = CK_NAME(floor_##class), \
    [CK_NOT] = CK_NAME(not_##class), [CK_ADD] = CK_NAME(add_##class), \
    [CK_SUBTRACT] = CK_NAME(subtract_##class), [CK_MULTIPLY] = CK_NAME(multiply_##class), \
    [CK_DIVIDE] = CK_NAME(divide_##class), [CK_POWER] = CK_NAME(power_##class), \
    [CK_MAXIMUM] = CK_NAME(maximum_##class), [CK_MINIMUM] = CK_NAME(minimum_##class), \
    [CK_AND] = CK_NAME(and_##class), [CK_OR] = CK_NAME(or_##class), \
    [CK_EQUAL] = CK_NAME(equal_##class), [CK_NOT_EQUAL] = CK_NAME(not_equal_##class), \
    [CK_LESS] = CK_NAME(less_##class), [CK_LESS_OR_EQUAL] = CK_NAME(less_or_equal_##class), \
    [CK_GREATER] = CK_NAME(greater_##class), \
    [CK_GREATER_OR_EQUAL] = CK_NAME(greater_or_equal_##class), \
    [CK_SELECT] = CK_NAME(select_##class), [CK_MULTIPLY_ADD] = CK_NAME(multiply_add_##class), \
    [CK_WRAP_I32] = CK_NAME(wrap_i32_##class), [CK_WRAP_U8] = CK_NAME(wrap_u8_##class)}

#define CK_LOOP(pragma, name, T, value) \
    static void CK_NAME(name)( \
        void *yp, const void *ap, const void *bp, const void *cp, int64_t count) { \
        T *y = yp; \
        const T *as = ap, *bs = bp, *cs = cp; \
        (void)bs; \
        (void)cs; \
        pragma for (int64_t i = 0; i < count; i++) { \
            y[i] = (T)(value); \
        } \
    }
#define CK_A (as[i])
#define CK_B (bs[i])
#define CK_C (cs[i])

// Operations that are written alike for every class.
#define CK_COMMON_LOOPS(class, T) \
    CK_LOOP(CK_VECTOR_LOOP, copy_##class, T, CK_A) \
    CK_LOOP(CK_VECTOR_LOOP, sign_##class, T, (CK_A > 0) - (CK_A < 0)) \
    CK_LOOP(CK_VECTOR_LOOP, not_##class, T, CK_A == 0) \
    CK_LOOP(CK_VECTOR_LOOP, maximum_##class, T, \
        ((CK_A > CK_B) | (CK_A != CK_A)) ? CK_A : CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, minimum_##class, T, \
        ((CK_A < CK_B) | (CK_A != CK_A)) ? CK_A : CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, and_##class, T, (CK_A != 0) & (CK_B != 0)) \
    CK_LOOP(CK_VECTOR_LOOP, or_##class, T, (CK_A != 0) | (CK_B != 0)) \
    CK_LOOP(CK_VECTOR_LOOP, equal_##class, T, CK_A == CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, not_equal_##class, T, CK_A != CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, less_##class, T, CK_A < CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, less_or_equal_##class, T, CK_A <= CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, greater_##class, T, CK_A > CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, greater_or_equal_##class, T, CK_A >= CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, select_##class, T, CK_A != 0 ? CK_B : CK_C)

// A square root that leaves errno alone, which the C library's does not.
#if defined(__clang__)
#define CK_ROOT(f, x) __builtin_elementwise_sqrt(x)
#else
#define CK_ROOT(f, x) f(sqrt)(x)
#endif

// Operations that are written alike for both floating-point classes. Relu passes NaN on.
#define CK_FLOAT_LOOPS(class, T, f) \
    CK_LOOP(CK_VECTOR_LOOP, negate_##class, T, -CK_A) \
    CK_LOOP(CK_VECTOR_LOOP, abs_##class, T, f(fabs)(CK_A)) \
    CK_LOOP(CK_VECTOR_LOOP, sqrt_##class, T, CK_ROOT(f, CK_A)) \
    CK_LOOP(CK_VECTOR_LOOP, rsqrt_##class, T, 1 / CK_ROOT(f, CK_A)) \
    CK_LOOP(CK_VECTOR_LOOP, reciprocal_##class, T, 1 / CK_A) \
    CK_LOOP(CK_VECTOR_LOOP, relu_##class, T, CK_A < 0 ? 0 : CK_A) \
    CK_LOOP(, floor_##class, T, f(floor)(CK_A)) \
    CK_LOOP(, sin_##class, T, f(sin)(CK_A)) \
    CK_LOOP(, cos_##class, T, f(cos)(CK_A)) \
    CK_LOOP(, power_##class, T, f(pow)(CK_A, CK_B)) \
    CK_LOOP(CK_VECTOR_LOOP, add_##class, T, CK_A + CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, subtract_##class, T, CK_A - CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, multiply_##class, T, CK_A * CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, divide_##class, T, CK_A / CK_B) \
    CK_LOOP(CK_VECTOR_LOOP, multiply_add_##class, T, CK_A * CK_B + CK_C) \
    CK_LOOP(CK_VECTOR_LOOP, wrap_i32_##class, T, CK_A) \
    CK_LOOP(CK_VECTOR_LOOP, wrap_u8_##class, T, CK_A)

#define CK_F32_FUNCTION(name) name##f
CK_COMMON_LOOPS(f32, float)
CK_FLOAT_LOOPS(f32, float, CK_F32_FUNCTION)
CK_LOOP(CK_VECTOR_LOOP, exp_f32, float, CK_NAME(exp)(CK_A))
CK_LOOP(CK_VECTOR_LOOP, expm1_f32, float, CK_NAME(expm1)(CK_A))
CK_LOOP(CK_VECTOR_LOOP, log_f32, float, CK_NAME(log)(CK_A))
CK_LOOP(CK_VECTOR_LOOP, log1p_f32, float, CK_NAME(log1p)(CK_A))
CK_LOOP(CK_VECTOR_LOOP, erf_f32, float, CK_NAME(erf)(CK_A))
CK_LOOP(CK_VECTOR_LOOP, tanh_f32, float, CK_NAME(tanh)(CK_A))
CK_LOOP(CK_VECTOR_LOOP, sigmoid_f32, float, CK_NAME(sigmoid)(CK_A))

static inline double CK_NAME(sigmoid_of_double)(double x) {
    double e = exp(-fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
}

#define CK_F64_FUNCTION(name) name
CK_COMMON_LOOPS(f64, double)
CK_FLOAT_LOOPS(f64, double, CK_F64_FUNCTION)
CK_LOOP(, exp_f64, double, exp(CK_A))
CK_LOOP(, expm1_f64, double, expm1(CK_A))
CK_LOOP(, log_f64, double, log(CK_A))
CK_LOOP(, log1p_f64, double, log1p(CK_A))
CK_LOOP(, erf_f64, double, erf(CK_A))
CK_LOOP(, tanh_f64, double, tanh(CK_A))
CK_LOOP(, sigmoid_f64, double, CK_NAME(sigmoid_of_double)(CK_A))

// Integers wrap: the arithmetic is done without sign, where overflow has a meaning.

static inline int64_t CK_NAME(divide_integers)(int64_t a, int64_t b) {
    if (b == 0) return 0;
    return b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b;
}

static inline int64_t CK_NAME(power_of_integers)(int64_t base, int64_t exponent) {
    if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0;
    uint64_t result = 1, factor = (uint64_t)base;
    for (; exponent > 0; exponent >>= 1, factor *= factor) {
        if (exponent & 1) result *= factor;
    }
    return (int64_t)result;
}

// A number in the nearest 64-bit integer towards 0; NaN becomes 0.
static inline int64_t CK_NAME(to_i64)(double x) {
    return x >= 0x1p63 ? INT64_MAX : x > -0x1p63 ? (int64_t)x : x == x ? INT64_MIN : 0;
}

#define CK_U(x) ((uint64_t)(x))
CK_COMMON_LOOPS(i64, int64_t)
CK_LOOP(CK_VECTOR_LOOP, negate_i64, int64_t, 0 - CK_U(CK_A))
CK_LOOP(CK_VECTOR_LOOP, abs_i64, int64_t, CK_A < 0 ? 0 - CK_U(CK_A) : CK_U(CK_A))
CK_LOOP(CK_VECTOR_LOOP, relu_i64, int64_t, CK_A > 0 ? CK_A : 0)
CK_LOOP(CK_VECTOR_LOOP, floor_i64, int64_t, CK_A)
CK_LOOP(CK_VECTOR_LOOP, add_i64, int64_t, CK_U(CK_A) + CK_U(CK_B))
CK_LOOP(CK_VECTOR_LOOP, subtract_i64, int64_t, CK_U(CK_A) - CK_U(CK_B))
CK_LOOP(, multiply_i64, int64_t, CK_U(CK_A) * CK_U(CK_B))
CK_LOOP(, multiply_add_i64, int64_t, CK_U(CK_A) * CK_U(CK_B) + CK_U(CK_C))
CK_LOOP(, divide_i64, int64_t, CK_NAME(divide_integers)(CK_A, CK_B))
CK_LOOP(, power_i64, int64_t, CK_NAME(power_of_integers)(CK_A, CK_B))
CK_LOOP(CK_VECTOR_LOOP, wrap_i32_i64, int64_t, (int32_t)CK_A)
CK_LOOP(CK_VECTOR_LOOP, wrap_u8_i64, int64_t, (uint8_t)CK_A)
CK_LOOP(, reciprocal_i64, int64_t, CK_NAME(divide_integers)(1, CK_A))
CK_LOOP(, exp_i64, int64_t, CK_NAME(to_i64)(exp((double)CK_A)))
CK_LOOP(, expm1_i64, int64_t, CK_NAME(to_i64)(expm1((double)CK_A)))
CK_LOOP(, log_i64, int64_t, CK_NAME(to_i64)(log((double)CK_A)))
CK_LOOP(, log1p_i64, int64_t, CK_NAME(to_i64)(log1p((double)CK_A)))
CK_LOOP(, sqrt_i64, int64_t, CK_NAME(to_i64)(sqrt((double)CK_A)))
CK_LOOP(, rsqrt_i64, int64_t, CK_NAME(to_i64)(1 / sqrt((double)CK_A)))
CK_LOOP(, sin_i64, int64_t, CK_NAME(to_i64)(sin((double)CK_A)))
CK_LOOP(, cos_i64, int64_t, CK_NAME(to_i64)(cos((double)CK_A)))
CK_LOOP(, erf_i64, int64_t, CK_NAME(to_i64)(erf((double)CK_A)))
CK_LOOP(, tanh_i64, int64_t, CK_NAME(to_i64)(tanh((double)CK_A)))
CK_LOOP(, sigmoid_i64, int64_t, CK_NAME(to_i64)(CK_NAME(sigmoid_of_double)((double)CK_A)))
