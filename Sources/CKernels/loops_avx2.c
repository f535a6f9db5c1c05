// The loops for x86-64 processors with AVX2 and FMA.

#if defined(__x86_64__)
#define CK_NAME(name) name##_avx2
#define CK_SET_NAME "avx2"
#define CK_TARGET_AVX2
#include "loops.h"
#endif
