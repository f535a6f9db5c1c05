// Functions of one 32-bit float, without branches, so that loops over them become vector code.
// Errors are a few units in the last place; limits, infinities and NaN are those of the C library.
//
// The polynomials are minimax fits of our own to the functions named beside them.

static inline float CK_NAME(from_bits)(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t CK_NAME(to_bits)(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// 2^k for -126 <= k <= 127.
static inline float CK_NAME(power_of_two)(int32_t k) {
    return CK_NAME(from_bits)((uint32_t)(k + 127) << 23);
}

// Splits x = k ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 · 2^23 rounds to a whole number, which
// then stands in the low bits. ln 2 comes in two parts: k times the first is exact.
static inline float CK_NAME(reduce_exp)(float x, int32_t *k) {
    float shifted = x * 1.44269504f + 12582912.0f;
    float n = shifted - 12582912.0f;
    *k = (int32_t)(CK_NAME(to_bits)(shifted) - 0x4B400000u);
    float r = x - n * 0.693359375f;
    return r + n * 2.12194440e-4f;
}

// e^r - 1 for |r| <= ln 2 / 2.
static inline float CK_NAME(small_expm1)(float r) {
    float q = 0.00138130889f;
    q = q * r + 0.00836942345f;
    q = q * r + 0.0416684598f;
    q = q * r + 0.166665152f;
    q = q * r + 0.49999994f;
    return r * r * q + r;
}

// Scales by 2^k in two steps, so that results near the ends of the range come out right.
static inline float CK_NAME(exp)(float x) {
    float clamped = x > 89.0f ? 89.0f : x;
    clamped = clamped < -104.0f ? -104.0f : clamped;
    int32_t k;
    float r = CK_NAME(reduce_exp)(clamped, &k);
    float y = CK_NAME(small_expm1)(r) + 1.0f;
    int32_t half = k >> 1;
    return y * CK_NAME(power_of_two)(half) * CK_NAME(power_of_two)(k - half);
}

// 2^k (e^r - 1) + (2^k - 1), with half of 2^k because 2^128 is too large for a float.
static inline float CK_NAME(expm1)(float x) {
    float clamped = x > 89.0f ? 89.0f : x;
    clamped = clamped < -40.0f ? -40.0f : clamped;
    int32_t k;
    float r = CK_NAME(reduce_exp)(clamped, &k);
    float scale = CK_NAME(power_of_two)(k - 1);
    float y = 2.0f * (scale * CK_NAME(small_expm1)(r) + (scale - 0.5f));
    return x == 0.0f ? x : y;
}

// e/(e + 2) with e = e^2|x| - 1.
static inline float CK_NAME(tanh)(float x) {
    float a = fabsf(x);
    float clamped = a > 10.0f ? 10.0f : a;
    float e = CK_NAME(expm1)(2.0f * clamped);
    return copysignf(e / (e + 2.0f), x);
}

static inline float CK_NAME(sigmoid)(float x) {
    float e = CK_NAME(exp)(-fabsf(x));
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}

// f - f²/2 + f³ P(f) + e ln 2 = log((1 + f) 2^e) for √½ - 1 <= f <= √2 - 1.
static inline float CK_NAME(log_of_parts)(float f, float e) {
    float p = 0.0674943104f;
    p = p * f + -0.116783507f;
    p = p * f + 0.118883193f;
    p = p * f + -0.124050878f;
    p = p * f + 0.142194554f;
    p = p * f + -0.166680261f;
    p = p * f + 0.200021252f;
    p = p * f + -0.250000089f;
    p = p * f + 0.333333135f;
    float square = f * f;
    float y = f * square * p;
    y = y - e * 2.12194440e-4f;
    y = y - 0.5f * square;
    return (f + y) + e * 0.693359375f;
}

// Splits a normal u > 0 into m 2^e with √½ <= m < √2.
static inline float CK_NAME(split)(float u, int32_t *e) {
    uint32_t bits = CK_NAME(to_bits)(u) + (0x3F800000u - 0x3F3504F3u);
    *e = (int32_t)(bits >> 23) - 127;
    return CK_NAME(from_bits)((bits & 0x7FFFFFu) + 0x3F3504F3u);
}

static inline float CK_NAME(log)(float x) {
    bool tiny = x < FLT_MIN;
    int32_t e;
    float m = CK_NAME(split)(tiny ? x * 8388608.0f : x, &e);
    float y = CK_NAME(log_of_parts)(m - 1.0f, (float)(tiny ? e - 23 : e));
    y = x < INFINITY ? y : x;
    return x > 0.0f ? y : (x == 0.0f ? -INFINITY : NAN);
}

// log(u) with u = 1 + x rounded; what rounding lost joins the reduced argument.
static inline float CK_NAME(log1p)(float x) {
    float u = 1.0f + x;
    float lost = x - (u - 1.0f);
    int32_t e;
    float m = CK_NAME(split)(u, &e);
    float scale = CK_NAME(from_bits)((uint32_t)(e < 127 ? 127 - e : 0) << 23);
    float y = CK_NAME(log_of_parts)((m - 1.0f) + lost * scale, (float)e);
    y = x < INFINITY ? y : x;
    y = x > -1.0f ? y : (x == -1.0f ? -INFINITY : NAN);
    return x == 0.0f ? x : y;
}

// Below 1 a polynomial in x², above it 1 - e^q(|x| - 1), where q is the logarithm of 1 - erf.
static inline float CK_NAME(erf)(float x) {
    float a = fabsf(x);
    float t = a * a;
    float p = 7.85377633e-05f;
    p = p * t + -0.000801016809f;
    p = p * t + 0.00518832495f;
    p = p * t + -0.026853811f;
    p = p * t + 0.112835854f;
    p = p * t + -0.37612626f;
    p = p * t + 0.128379166f;
    float small = a * p + a;
    float s = (a > 4.0f ? 4.0f : a) - 1.0f;
    float q = -2.16885146e-05f;
    q = q * s + 0.000289536954f;
    q = q * s + -0.00201198389f;
    q = q * s + 0.0100464681f;
    q = q * s + -0.0415634885f;
    q = q * s + -0.843107104f;
    q = q * s + -2.63896751f;
    q = q * s + -1.84960556f;
    float large = 1.0f - CK_NAME(exp)(q);
    return copysignf(a < 1.0f ? small : large, x);
}
