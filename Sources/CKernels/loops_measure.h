// Multiplications and additions on as many independent registers as hide their latency.

#if defined(CK_TARGET_AVX512)
enum { CK_NAME(measure_width) = 16 };
#elif defined(CK_TARGET_AVX2)
enum { CK_NAME(measure_width) = 8 };
#else
enum { CK_NAME(measure_width) = 4 };
#endif
typedef float CK_NAME(measure_lanes)
    __attribute__((vector_size(CK_NAME(measure_width) * sizeof(float))));

static double CK_NAME(arithmetic)(int64_t rounds, float *result) {
    typedef CK_NAME(measure_lanes) lanes;
    enum { chains = 12 };
    const lanes zero = {0};
    lanes factor = zero + 0.5f;
    // A factor that the compiler cannot see through.
    __asm__ volatile("" : "+m"(factor));
    const lanes f = factor;
    lanes a = zero, b = zero + 1, c = zero + 2, d = zero + 3, e = zero + 4, g = zero + 5;
    lanes h = zero + 6, i = zero + 7, j = zero + 8, k = zero + 9, l = zero + 10, m = zero + 11;
    for (int64_t round = 0; round < rounds; round++) {
        a = a * f + f, b = b * f + f, c = c * f + f, d = d * f + f;
        e = e * f + f, g = g * f + f, h = h * f + f, i = i * f + f;
        j = j * f + f, k = k * f + f, l = l * f + f, m = m * f + f;
    }
    a += b + c + d + e + g + h + i + j + k + l + m;
    *result = a[0];
    return (double)rounds * chains * CK_NAME(measure_width) * 2;
}
