// Defines the allocator's entries, so that every library of the process comes here first, and hands
// the work on to glibc under its own names.
#include "CAllocationCounter.h"

#include <errno.h>
#include <stddef.h>

#if defined(__linux__) && defined(__GLIBC__)

static __thread bool counting;
static __thread long count;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
    count += counting;
    return __libc_malloc(size);
}
void *calloc(size_t number, size_t size) {
    count += counting;
    return __libc_calloc(number, size);
}
void *realloc(void *old, size_t size) {
    count += counting;
    return __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
    count += counting;
    return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    count += counting;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
    count += counting;
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

bool allocation_counter_works(void) { return true; }
void allocation_counter_start(void) {
    count = 0;
    counting = true;
}
long allocation_counter_stop(void) {
    counting = false;
    return count;
}

#else

bool allocation_counter_works(void) { return false; }
void allocation_counter_start(void) {}
long allocation_counter_stop(void) { return 0; }

#endif
