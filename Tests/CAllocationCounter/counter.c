// Defines the allocator's entries, so that every library of the process comes here first, and hands
// the work on to glibc under its own names.
#include "CAllocationCounter.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#if defined(__linux__) && defined(__GLIBC__)

static __thread bool counting;
static __thread long own_count, library_count, alive;

// oneDNN is C++, so what it asks for comes from itself or from the C++ library's operator new.
static bool is_library(const void *caller) {
    Dl_info info;
    if (!dladdr(caller, &info) || !info.dli_fname) return false;
    return strstr(info.dli_fname, "libdnnl") || strstr(info.dli_fname, "libstdc++")
        || strstr(info.dli_fname, "libgomp");
}

static void note(const void *caller) {
    if (!counting) return;
    counting = false;
    if (is_library(caller))
        library_count++;
    else
        own_count++;
    alive++;
    counting = true;
}
#define NOTE() note(__builtin_return_address(0))

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
    NOTE();
    return __libc_malloc(size);
}
void *calloc(size_t number, size_t size) {
    NOTE();
    return __libc_calloc(number, size);
}
void *realloc(void *old, size_t size) {
    if (!old) NOTE();
    return __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
    NOTE();
    return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    NOTE();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
    NOTE();
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

void free(void *block) {
    if (counting && block) alive--;
    __libc_free(block);
}

bool allocation_counter_works(void) { return true; }
void allocation_counter_start(void) {
    own_count = library_count = alive = 0;
    counting = true;
}
allocation_count allocation_counter_stop(void) {
    counting = false;
    return (allocation_count){own_count, library_count, alive};
}

#else

bool allocation_counter_works(void) { return false; }
void allocation_counter_start(void) {}
allocation_count allocation_counter_stop(void) { return (allocation_count){0, 0, 0}; }

#endif
