// Subnormal numbers: on, as the language has them, or flushed to zero, as fast as all others.

#include "internal.h"

#if defined(__x86_64__)

enum { FLUSH_RESULTS = 0x8000, FLUSH_OPERANDS = 0x0040 };

uint32_t ck_float_mode(void) { return __builtin_ia32_stmxcsr(); }

void ck_restore_float_mode(uint32_t mode) { __builtin_ia32_ldmxcsr(mode); }

uint32_t ck_flush_subnormals(void) {
    uint32_t before = ck_float_mode();
    ck_restore_float_mode(before | FLUSH_RESULTS | FLUSH_OPERANDS);
    return before;
}

#elif defined(__aarch64__)

enum { FLUSH = 1 << 24 };

uint32_t ck_float_mode(void) {
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    return (uint32_t)mode;
}

void ck_restore_float_mode(uint32_t mode) {
    __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)mode));
}

uint32_t ck_flush_subnormals(void) {
    uint32_t before = ck_float_mode();
    ck_restore_float_mode(before | FLUSH);
    return before;
}

#else

uint32_t ck_float_mode(void) { return 0; }
void ck_restore_float_mode(uint32_t mode) { (void)mode; }
uint32_t ck_flush_subnormals(void) { return 0; }

#endif
