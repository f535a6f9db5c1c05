// Opening the library and looking up its functions.
#include "library.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local char last_error[512];

void *mdnn_fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    return NULL;
}

const char *mdnn_last_error(void) { return last_error; }

#if MDNN_HAS_HEADERS

struct mdnn_library mdnn;
static void *handle;

#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)

static const char *const library_names[] = {
#if defined(__APPLE__)
    "libdnnl." STRING(DNNL_VERSION_MAJOR) ".dylib",
    "/opt/homebrew/lib/libdnnl." STRING(DNNL_VERSION_MAJOR) ".dylib",
#else
    "libdnnl.so." STRING(DNNL_VERSION_MAJOR),
#endif
};

static bool open_library(const char *path) {
    if (path) {
        handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    } else {
        for (size_t i = 0; !handle && i < sizeof library_names / sizeof *library_names; i++)
            handle = dlopen(library_names[i], RTLD_NOW | RTLD_GLOBAL);
    }
    if (!handle) mdnn_fail("%s", dlerror());
    return handle != NULL;
}

static bool find_functions(void) {
#define MDNN_FIND(name) \
    if (!(mdnn.name = (__typeof__(mdnn.name))dlsym(handle, #name))) { \
        mdnn_fail("the oneDNN library has no function %s", #name); \
        return false; \
    }
    MDNN_FUNCTIONS(MDNN_FIND)
#undef MDNN_FIND
    return true;
}

// Looks the functions up and makes the engine; false when the library does not fit.
static bool use_library(void) {
    if (!find_functions()) return false;
    if (mdnn.dnnl_version()->major != DNNL_VERSION_MAJOR) {
        mdnn_fail("built for oneDNN %d, found version %d", DNNL_VERSION_MAJOR,
            mdnn.dnnl_version()->major);
        return false;
    }
    if (mdnn.dnnl_engine_create(&mdnn.engine, dnnl_cpu, 0) != dnnl_success
        || mdnn.dnnl_stream_create(&mdnn.stream, mdnn.engine, dnnl_stream_default_flags)
            != dnnl_success) {
        mdnn_fail("oneDNN has no engine for this processor");
        return false;
    }
    return true;
}

bool mdnn_load(const char *path, int threads) {
    if (mdnn.stream) return true;
    if (threads > 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", threads);
        setenv("OMP_NUM_THREADS", number, 1);
    }
    // A waiting thread that spins for milliseconds, as libgomp's do by default, takes the processor
    // from the one it waits for as soon as anything else runs here.
    if (!getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", "10000", 0);
    if (!handle && !open_library(path)) return false;
    if (!use_library()) {
        dlclose(handle);
        handle = NULL;
        return false;
    }
    return true;
}

void mdnn_version(int version[3]) {
    const dnnl_version_t *found = mdnn.dnnl_version();
    version[0] = found->major, version[1] = found->minor, version[2] = found->patch;
}

const char *mdnn_instruction_set(void) {
    int isa = (int)mdnn.dnnl_get_effective_cpu_isa();
    switch (isa) {
    case dnnl_cpu_isa_sse41: return "sse41";
    case dnnl_cpu_isa_avx: return "avx";
    case dnnl_cpu_isa_avx2: return "avx2";
    case dnnl_cpu_isa_avx2_vnni: return "avx2_vnni";
    case dnnl_cpu_isa_avx512_core: return "avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
    case dnnl_cpu_isa_avx512_core_amx: return "avx512_core_amx";
    default: return "default";
    }
}

void *mdnn_symbol(const char *name) { return handle ? dlsym(handle, name) : NULL; }

void mdnn_set_verbose(int level) {
    if (mdnn.dnnl_set_verbose) mdnn.dnnl_set_verbose(level);
}

#else

bool mdnn_load(const char *path, int threads) {
    (void)path, (void)threads;
    mdnn_fail("built without oneDNN's headers");
    return false;
}
void mdnn_version(int version[3]) { version[0] = version[1] = version[2] = 0; }
const char *mdnn_instruction_set(void) { return "none"; }
void *mdnn_symbol(const char *name) { return (void)name, NULL; }
void mdnn_set_verbose(int level) { (void)level; }

#endif
