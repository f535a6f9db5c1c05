// The part of libcurl's interface that is used, with the numbers that its versions 7 and 8 share.
#pragma once

#include "CCurl.h"

typedef void ccurl_easy, ccurl_multi;
struct ccurl_list;

// What curl_multi_info_read returns.
struct ccurl_message {
    int kind;
    ccurl_easy *easy;
    union {
        void *pointer;
        int outcome;
    } data;
};

enum { CCURL_GLOBAL_DEFAULT = 3, CCURL_MESSAGE_DONE = 1 };

// The outcome when take_body does not take everything.
enum { CCURL_BODY_REFUSED = 23 };

// Options: numbers below 10000 take a long, from there on a pointer, from 20000 on a function.
enum ccurl_option {
    CCURL_OPTION_FOLLOW = 52,
    CCURL_OPTION_MOST_REDIRECTS = 68,
    CCURL_OPTION_NO_SIGNAL = 99,
    CCURL_OPTION_CONNECT_MILLISECONDS = 156,
    CCURL_OPTION_PROTOCOLS = 181,
    CCURL_OPTION_REDIRECT_PROTOCOLS = 182,
    CCURL_OPTION_SUPPRESS_CONNECT_HEADERS = 265,
    CCURL_OPTION_WRITE_DATA = 10001,
    CCURL_OPTION_ADDRESS = 10002,
    CCURL_OPTION_ERROR_BUFFER = 10010,
    CCURL_OPTION_USER_AGENT = 10018,
    CCURL_OPTION_HEADERS = 10023,
    CCURL_OPTION_HEADER_DATA = 10029,
    CCURL_OPTION_CERTIFICATES = 10065,
    CCURL_OPTION_NO_PROXY = 10177,
    CCURL_OPTION_PROTOCOL_NAMES = 10318,
    CCURL_OPTION_REDIRECT_PROTOCOL_NAMES = 10319,
    CCURL_OPTION_WRITE = 20011,
    CCURL_OPTION_HEADER = 20079,
};

// The protocols http and https in the options of versions before 7.85.
enum { CCURL_WEB = 1 | 2 };

// The least size of a buffer for libcurl's words about an error.
enum { CCURL_ERROR_SIZE = 256 };

#define CCURL_FUNCTIONS(X) \
    X(curl_global_init, int, (long)) \
    X(curl_easy_init, ccurl_easy *, (void)) \
    X(curl_easy_setopt, int, (ccurl_easy *, int, ...)) \
    X(curl_easy_cleanup, void, (ccurl_easy *)) \
    X(curl_easy_strerror, const char *, (int)) \
    X(curl_slist_append, struct ccurl_list *, (struct ccurl_list *, const char *)) \
    X(curl_slist_free_all, void, (struct ccurl_list *)) \
    X(curl_multi_init, ccurl_multi *, (void)) \
    X(curl_multi_add_handle, int, (ccurl_multi *, ccurl_easy *)) \
    X(curl_multi_remove_handle, int, (ccurl_multi *, ccurl_easy *)) \
    X(curl_multi_perform, int, (ccurl_multi *, int *)) \
    X(curl_multi_poll, int, (ccurl_multi *, void *, unsigned, int, int *)) \
    X(curl_multi_info_read, struct ccurl_message *, (ccurl_multi *, int *)) \
    X(curl_multi_cleanup, int, (ccurl_multi *)) \
    X(curl_multi_strerror, const char *, (int))

struct ccurl_library {
    void *handle;
#define CCURL_FIELD(name, result, arguments) result(*name) arguments;
    CCURL_FUNCTIONS(CCURL_FIELD)
#undef CCURL_FIELD
};
