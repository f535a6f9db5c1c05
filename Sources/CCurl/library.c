// Opening libcurl and looking up its functions.
#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Adds one more reason to those in `message`, as far as there is room.
static void add_reason(char *message, size_t size, const char *reason) {
    const size_t used = strlen(message);
    if (used + 1 < size)
        snprintf(message + used, size - used, "%s%s", used ? "; " : "", reason);
}

// Looks the functions up; the name of the first one that is missing, or NULL.
static const char *find_functions(struct ccurl_library *library) {
#define CCURL_FIND(name, result, arguments) \
    library->name = (__typeof__(library->name))dlsym(library->handle, #name); \
    if (!library->name) return #name;
    CCURL_FUNCTIONS(CCURL_FIND)
#undef CCURL_FIND
    return NULL;
}

struct ccurl_library *ccurl_open(const char *const *names, size_t count, char *message,
                                 size_t message_size) {
    struct ccurl_library *library = calloc(1, sizeof *library);
    if (message_size) message[0] = 0;
    if (!library) {
        add_reason(message, message_size, "no memory");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        library->handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (!library->handle) {
            const char *reason = dlerror();
            add_reason(message, message_size, reason ? reason : names[i]);
            continue;
        }
        char reason[128];
        const char *missing = find_functions(library);
        if (missing) {
            snprintf(reason, sizeof reason, "%s has no function %s", names[i], missing);
        } else {
            const int code = library->curl_global_init(CCURL_GLOBAL_DEFAULT);
            if (code == CCURL_OK) return library;
            snprintf(reason, sizeof reason, "%s: %s", names[i], library->curl_easy_strerror(code));
        }
        add_reason(message, message_size, reason);
        dlclose(library->handle);
    }
    free(library);
    return NULL;
}
