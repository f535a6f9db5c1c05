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
    [CK_DIVIDE] = CK_NAME(divide_##class), [CK_DIVIDE_BYTE] = CK_NAME(divide_byte_##class), \
    [CK_POWER] = CK_NAME(power_##class), \
    [CK_MAXIMUM] = CK_NAME(maximum_##class), [CK_MINIMUM] = CK_NAME(minimum_##class), \
    [CK_AND] = CK_NAME(and_##class), [CK_OR] = CK_NAME(or_##class), \
    [CK_EQUAL] = CK_NAME(equal_##class), [CK_NOT_EQUAL] = CK_NAME(not_equal_##class), \
    [CK_LESS] = CK_NAME(less_##class), [CK_LESS_OR_EQUAL] = CK_NAME(less_or_equal_##class), \
    [CK_GREATER] = CK_NAME(greater_##class), \
    [CK_GREATER_OR_EQUAL] = CK_NAME(greater_or_equal_##class), \
    [CK_SELECT] = CK_NAME(select_##class), [CK_MULTIPLY_ADD] = CK_NAME(multiply_add_##class), \
    [CK_SUBTRACT_PRODUCT] = CK_NAME(subtract_product_##class), \
    [CK_WRAP_I32] = CK_NAME(wrap_i32_##class), [CK_WRAP_U8] = CK_NAME(wrap_u8_##class)}

// One pass over a block. Operands are read before a value is chosen: reading only the chosen one
// would need a branch.
#define CK_PASS(pragma, T, reads, value) \
    pragma for (int64_t i = 0; i < count; i++) { \
        T reads; \
        y[i] = (T)(value); \
    }

#define CK_LOOP(name, T, passes) \
    static void CK_NAME(name)( \
        void *yp, const void *ap, const void *bp, const void *cp, int scalars, int64_t count) { \
        T *y = yp; \
        const T *as = ap, *bs = bp, *cs = cp; \
        (void)bs; \
        (void)cs; \
        (void)scalars; \
        passes \
    }

// Loops that call the C library, by number of operands.
#define CK_UNARY_CALL(name, T, value) CK_LOOP(name, T, CK_PASS(, T, a = as[i], value))
#define CK_BINARY_CALL(name, T, value) \
    CK_LOOP(name, T, CK_PASS(, T, a = as[i] CK_AND_ b = bs[i], value))
#define CK_TERNARY_CALL(name, T, value) \
    CK_LOOP(name, T, CK_PASS(, T, a = as[i] CK_AND_ b = bs[i] CK_AND_ c = cs[i], value))
#define CK_AND_ ,

// Loops that become vector code. An operand that is one number stays in a machine register, which
// saves the reads and the place in the cache.
#define CK_UNARY(name, T, value) CK_LOOP(name, T, CK_PASS(CK_VECTOR_LOOP, T, a = as[i], value))

#define CK_BINARY(name, T, value) \
    CK_LOOP(name, T, \
        if (scalars & CK_SCALAR_B) { \
            const T b = bs[0]; \
            CK_PASS(CK_VECTOR_LOOP, T, a = as[i], value) \
        } else if (scalars & CK_SCALAR_A) { \
            const T a = as[0]; \
            CK_PASS(CK_VECTOR_LOOP, T, b = bs[i], value) \
        } else { \
            CK_PASS(CK_VECTOR_LOOP, T, a = as[i] CK_AND_ b = bs[i], value) \
        })

#define CK_TERNARY(name, T, value) \
    CK_LOOP(name, T, \
        if ((scalars & CK_SCALAR_B) && (scalars & CK_SCALAR_C)) { \
            const T b = bs[0] CK_AND_ c = cs[0]; \
            CK_PASS(CK_VECTOR_LOOP, T, a = as[i], value) \
        } else if (scalars & CK_SCALAR_B) { \
            const T b = bs[0]; \
            CK_PASS(CK_VECTOR_LOOP, T, a = as[i] CK_AND_ c = cs[i], value) \
        } else if (scalars & CK_SCALAR_C) { \
            const T c = cs[0]; \
            CK_PASS(CK_VECTOR_LOOP, T, a = as[i] CK_AND_ b = bs[i], value) \
        } else { \
            CK_PASS(CK_VECTOR_LOOP, T, a = as[i] CK_AND_ b = bs[i] CK_AND_ c = cs[i], value) \
        })

// Operations that are written alike for every class.
#define CK_COMMON_LOOPS(class, T) \
    CK_UNARY(copy_##class, T, a) \
    CK_UNARY(sign_##class, T, (a > 0) - (a < 0)) \
    CK_UNARY(not_##class, T, a == 0) \
    CK_BINARY(maximum_##class, T, ((a > b) | (a != a)) ? a : b) \
    CK_BINARY(minimum_##class, T, ((a < b) | (a != a)) ? a : b) \
    CK_BINARY(and_##class, T, (a != 0) & (b != 0)) \
    CK_BINARY(or_##class, T, (a != 0) | (b != 0)) \
    CK_BINARY(equal_##class, T, a == b) \
    CK_BINARY(not_equal_##class, T, a != b) \
    CK_BINARY(less_##class, T, a < b) \
    CK_BINARY(less_or_equal_##class, T, a <= b) \
    CK_BINARY(greater_##class, T, a > b) \
    CK_BINARY(greater_or_equal_##class, T, a >= b) \
    CK_TERNARY(select_##class, T, a != 0 ? b : c)

// A square root that leaves errno alone, which the C library's does not.
#if defined(__clang__)
#define CK_ROOT(f, x) __builtin_elementwise_sqrt(x)
#else
#define CK_ROOT(f, x) f(sqrt)(x)
#endif

// Operations that are written alike for both floating-point classes. Relu passes NaN on.
#define CK_FLOAT_LOOPS(class, T, f) \
    CK_UNARY(negate_##class, T, -a) \
    CK_UNARY(abs_##class, T, f(fabs)(a)) \
    CK_UNARY(sqrt_##class, T, CK_ROOT(f, a)) \
    CK_UNARY(rsqrt_##class, T, 1 / CK_ROOT(f, a)) \
    CK_UNARY(reciprocal_##class, T, 1 / a) \
    CK_UNARY(relu_##class, T, a < 0 ? 0 : a) \
    CK_UNARY_CALL(floor_##class, T, f(floor)(a)) \
    CK_UNARY_CALL(sin_##class, T, f(sin)(a)) \
    CK_UNARY_CALL(cos_##class, T, f(cos)(a)) \
    CK_BINARY_CALL(power_##class, T, f(pow)(a, b)) \
    CK_BINARY(add_##class, T, a + b) \
    CK_BINARY(subtract_##class, T, a - b) \
    CK_BINARY(multiply_##class, T, a * b) \
    CK_BINARY(divide_##class, T, a / b) \
    CK_TERNARY(multiply_add_##class, T, a * b + c) \
    CK_TERNARY(subtract_product_##class, T, c - a * b) \
    CK_UNARY(wrap_i32_##class, T, a) \
    CK_UNARY(wrap_u8_##class, T, a)

// The rounded product with the reciprocal, and once more for what it misses: exact for most divisors.
static inline float CK_NAME(divide_byte)(float a, float b) {
#if defined(CK_TARGET_AVX512) || defined(CK_TARGET_AVX2)
    float reciprocal = 1 / b, quotient = a * reciprocal;
    return __builtin_fmaf(__builtin_fmaf(-quotient, b, a), reciprocal, quotient);
#else
    return a / b;
#endif
}

#define CK_F32_FUNCTION(name) name##f
CK_BINARY(divide_byte_f32, float, CK_NAME(divide_byte)(a, b))
CK_COMMON_LOOPS(f32, float)
CK_FLOAT_LOOPS(f32, float, CK_F32_FUNCTION)
CK_UNARY(exp_f32, float, CK_NAME(exp)(a))
CK_UNARY(expm1_f32, float, CK_NAME(expm1)(a))
CK_UNARY(log_f32, float, CK_NAME(log)(a))
CK_UNARY(log1p_f32, float, CK_NAME(log1p)(a))
CK_UNARY(erf_f32, float, CK_NAME(erf)(a))
CK_UNARY(tanh_f32, float, CK_NAME(tanh)(a))
CK_UNARY(sigmoid_f32, float, CK_NAME(sigmoid)(a))

static inline double CK_NAME(sigmoid_of_double)(double x) {
    double e = exp(-fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
}

#define CK_F64_FUNCTION(name) name
CK_COMMON_LOOPS(f64, double)
CK_BINARY(divide_byte_f64, double, a / b)
CK_FLOAT_LOOPS(f64, double, CK_F64_FUNCTION)
CK_UNARY_CALL(exp_f64, double, exp(a))
CK_UNARY_CALL(expm1_f64, double, expm1(a))
CK_UNARY_CALL(log_f64, double, log(a))
CK_UNARY_CALL(log1p_f64, double, log1p(a))
CK_UNARY_CALL(erf_f64, double, erf(a))
CK_UNARY_CALL(tanh_f64, double, tanh(a))
CK_UNARY_CALL(sigmoid_f64, double, CK_NAME(sigmoid_of_double)(a))

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
CK_UNARY(negate_i64, int64_t, 0 - CK_U(a))
CK_UNARY(abs_i64, int64_t, a < 0 ? 0 - CK_U(a) : CK_U(a))
CK_UNARY(relu_i64, int64_t, a > 0 ? a : 0)
CK_UNARY(floor_i64, int64_t, a)
CK_BINARY(add_i64, int64_t, CK_U(a) + CK_U(b))
CK_BINARY(subtract_i64, int64_t, CK_U(a) - CK_U(b))
CK_BINARY_CALL(multiply_i64, int64_t, CK_U(a) * CK_U(b))
CK_TERNARY_CALL(multiply_add_i64, int64_t, CK_U(a) * CK_U(b) + CK_U(c))
CK_TERNARY_CALL(subtract_product_i64, int64_t, CK_U(c) - CK_U(a) * CK_U(b))
CK_BINARY_CALL(divide_i64, int64_t, CK_NAME(divide_integers)(a, b))
CK_BINARY_CALL(divide_byte_i64, int64_t, CK_NAME(divide_integers)(a, b))
CK_BINARY_CALL(power_i64, int64_t, CK_NAME(power_of_integers)(a, b))
CK_UNARY(wrap_i32_i64, int64_t, (int32_t)a)
CK_UNARY(wrap_u8_i64, int64_t, (uint8_t)a)
CK_UNARY_CALL(reciprocal_i64, int64_t, CK_NAME(divide_integers)(1, a))
CK_UNARY_CALL(exp_i64, int64_t, CK_NAME(to_i64)(exp((double)a)))
CK_UNARY_CALL(expm1_i64, int64_t, CK_NAME(to_i64)(expm1((double)a)))
CK_UNARY_CALL(log_i64, int64_t, CK_NAME(to_i64)(log((double)a)))
CK_UNARY_CALL(log1p_i64, int64_t, CK_NAME(to_i64)(log1p((double)a)))
CK_UNARY_CALL(sqrt_i64, int64_t, CK_NAME(to_i64)(sqrt((double)a)))
CK_UNARY_CALL(rsqrt_i64, int64_t, CK_NAME(to_i64)(1 / sqrt((double)a)))
CK_UNARY_CALL(sin_i64, int64_t, CK_NAME(to_i64)(sin((double)a)))
CK_UNARY_CALL(cos_i64, int64_t, CK_NAME(to_i64)(cos((double)a)))
CK_UNARY_CALL(erf_i64, int64_t, CK_NAME(to_i64)(erf((double)a)))
CK_UNARY_CALL(tanh_i64, int64_t, CK_NAME(to_i64)(tanh((double)a)))
CK_UNARY_CALL(sigmoid_i64, int64_t, CK_NAME(to_i64)(CK_NAME(sigmoid_of_double)((double)a)))
