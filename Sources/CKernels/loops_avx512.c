// The loops for x86-64 processors with AVX-512 F, VL, BW and DQ.

#if defined(__x86_64__)
#define CK_NAME(name) name##_avx512
#define CK_SET_NAME "avx512"
#define CK_TARGET_AVX512
#include "loops.h"
#endif
