// The loops for what every processor of the architecture has: SSE2 on x86-64, NEON on arm64.

#define CK_NAME(name) name##_baseline
#if defined(__aarch64__)
#define CK_SET_NAME "neon"
#else
#define CK_SET_NAME "baseline"
#endif
#include "loops.h"
