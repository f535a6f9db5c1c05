// Philox 4x32 with ten rounds, eight blocks at a time.

// Keeps the compiler from computing a product twice, once for its low half with a slow instruction.
#if defined(CK_TARGET_AVX512)
#define CK_KEEP(x) __asm__("" : "+v"(x))
#else
#define CK_KEEP(x) (void)(x)
#endif

typedef uint64_t CK_NAME(words8) __attribute__((vector_size(64)));

// A lane's high half may hold rubbish between rounds: products use the low half only, and the high
// half is cut off at the end.
static void CK_NAME(philox)(
    uint32_t *words, const int64_t key[2], uint32_t stream, uint64_t block, int64_t count) {
    typedef CK_NAME(words8) lanes;
    const lanes zero = {0};
    const lanes low = zero + 0xFFFFFFFFu, m0 = zero + 0xD2511F53u, m1 = zero + 0xCD9E8D57u;
    const uint64_t seed = (uint64_t)key[0], step = (uint64_t)key[1];
    uint64_t keys[10][2];
    for (uint32_t round = 0; round < 10; round++) {
        keys[round][0] = (uint32_t)seed + round * 0x9E3779B9u;
        keys[round][1] = (uint32_t)(seed >> 32) + round * 0xBB67AE85u;
    }
    for (int64_t first = 0; first < count; first += 8, words += 32) {
        lanes c0 = {0, 1, 2, 3, 4, 5, 6, 7};
        c0 = (c0 + (block + (uint64_t)first)) & low;
        lanes c1 = zero + stream, c2 = zero + (uint32_t)step, c3 = zero + (uint32_t)(step >> 32);
        for (int round = 0; round < 10; round++) {
            lanes p0 = (c0 & low) * m0, p1 = (c2 & low) * m1;
            CK_KEEP(p0);
            CK_KEEP(p1);
            c0 = (p1 >> 32) ^ c1 ^ keys[round][0];
            c1 = p1;
            c2 = (p0 >> 32) ^ c3 ^ keys[round][1];
            c3 = p0;
        }
        // Words 0 and 1, and 2 and 3, of a block become one 64-bit number each.
        lanes front = (c0 & low) | (c1 << 32), back = (c2 & low) | (c3 << 32);
        lanes pairs[2] = {
            __builtin_shufflevector(front, back, 0, 8, 1, 9, 2, 10, 3, 11),
            __builtin_shufflevector(front, back, 4, 12, 5, 13, 6, 14, 7, 15)};
        memcpy(words, pairs, sizeof pairs);
    }
}

static void CK_NAME(uniform_f32)(float *y, const uint32_t *words, int64_t count) {
    CK_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {
        y[i] = (float)(int32_t)(words[i] >> 8) * 0x1p-24f;
    }
}
