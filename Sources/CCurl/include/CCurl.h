// Downloads over HTTP through libcurl, which is opened when the first one begins.
//
// The few declarations of libcurl that this needs are written out here and in library.h, so that
// nothing but the library itself has to be installed.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The outcomes of a transfer that callers tell apart, by their numbers in libcurl's interface.
enum ccurl_outcome {
    CCURL_OK = 0,
    CCURL_UNSUPPORTED_PROTOCOL = 1,
    CCURL_UNKNOWN_PROXY = 5,
    CCURL_UNKNOWN_HOST = 6,
    CCURL_CANNOT_CONNECT = 7,
    CCURL_PARTIAL_FILE = 18,
    CCURL_TIMED_OUT = 28,
    CCURL_STOPPED = 42,
    CCURL_TOO_MANY_REDIRECTS = 47,
    CCURL_GOT_NOTHING = 52,
    CCURL_SEND_ERROR = 55,
    CCURL_RECEIVE_ERROR = 56,
    CCURL_BAD_CERTIFICATE = 60,
    CCURL_BAD_CERTIFICATE_FILE = 77,
};

// An opened library. It stays open until the process ends.
struct ccurl_library;

// Opens the first of `names` that is there and has every function needed.
//
// NULL, and the reasons in `message`, when none of them is.
struct ccurl_library *ccurl_open(const char *const *names, size_t count, char *message,
                                 size_t message_size);

// One request and what is told while it runs, all on the thread of the caller.
struct ccurl_request {
    const char *address;
    // Additional header lines, `Name: value`.
    const char *const *headers;
    size_t header_count;
    // Hosts that are asked directly although a proxy is set, separated by commas.
    const char *no_proxy;
    // A file of certificates to trust; NULL for those of the system.
    const char *certificates;
    long most_redirects;
    long connect_milliseconds;
    // The longest time between two calls of `on_turn`.
    int turn_milliseconds;
    // Handed to the functions below.
    void *context;
    // Each line of a header, its end included; those of redirections, too.
    void (*on_header)(void *context, const char *bytes, size_t count);
    // Each piece of the body; false ends the transfer with CCURL_STOPPED.
    bool (*on_body)(void *context, const void *bytes, size_t count);
    // Again and again during the transfer; false ends it with CCURL_STOPPED.
    bool (*on_turn)(void *context);
};

// Sends a request with the method GET and follows redirections within http and https.
//
// Returns an outcome above, or another number of libcurl; `message` then has libcurl's own words.
int ccurl_get(const struct ccurl_library *library, const struct ccurl_request *request,
              char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
