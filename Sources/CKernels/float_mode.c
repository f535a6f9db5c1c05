// Subnormal numbers: on, as the language has them, or flushed to zero, as fast as all others.

#include "internal.h"

// FLUSH are the bits of the mode that flush results and operands.
#if defined(__x86_64__)

enum { FLUSH = 0x8000 | 0x0040 };

uint32_t ck_float_mode(void) { return __builtin_ia32_stmxcsr(); }

void ck_restore_float_mode(uint32_t mode) { __builtin_ia32_ldmxcsr(mode); }

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

#else

enum { FLUSH = 0 };

uint32_t ck_float_mode(void) { return 0; }
void ck_restore_float_mode(uint32_t mode) { (void)mode; }

#endif

uint32_t ck_flush_subnormals(void) {
    uint32_t before = ck_float_mode();
    ck_restore_float_mode(before | FLUSH);
    return before;
}
