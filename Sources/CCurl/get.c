// One download.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "library.h"

static size_t take_header(char *bytes, size_t size, size_t count, void *context) {
    const struct ccurl_request *request = context;
    request->on_header(request->context, bytes, size * count);
    return size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    const struct ccurl_request *request = context;
    // libcurl takes any other count for an error and stops.
    const size_t refused = size * count + 1;
    return request->on_body(request->context, bytes, size * count) ? size * count : refused;
}

// Sets what every version knows, then what only some do; the first outcome that is not CCURL_OK.
static int set_options(const struct ccurl_library *library, ccurl_easy *easy,
                       const struct ccurl_request *request, struct ccurl_list *headers,
                       char *words) {
    int code = CCURL_OK;
#define SET(option, value) \
    if (code == CCURL_OK) code = library->curl_easy_setopt(easy, option, value)
    SET(CCURL_OPTION_ERROR_BUFFER, words);
    SET(CCURL_OPTION_ADDRESS, request->address);
    SET(CCURL_OPTION_USER_AGENT, "martlet");
    SET(CCURL_OPTION_NO_SIGNAL, 1L);
    SET(CCURL_OPTION_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CCURL_OPTION_FOLLOW, 1L);
    SET(CCURL_OPTION_MOST_REDIRECTS, request->most_redirects);
    SET(CCURL_OPTION_CONNECT_MILLISECONDS, request->connect_milliseconds);
    SET(CCURL_OPTION_HEADER, take_header);
    SET(CCURL_OPTION_HEADER_DATA, (const void *)request);
    SET(CCURL_OPTION_WRITE, take_body);
    SET(CCURL_OPTION_WRITE_DATA, (const void *)request);
    if (headers) SET(CCURL_OPTION_HEADERS, headers);
    if (request->no_proxy) SET(CCURL_OPTION_NO_PROXY, request->no_proxy);
    if (request->certificates) SET(CCURL_OPTION_CERTIFICATES, request->certificates);
    if (code != CCURL_OK) return code;
    if (library->curl_easy_setopt(easy, CCURL_OPTION_PROTOCOL_NAMES, "http,https") != CCURL_OK)
        SET(CCURL_OPTION_PROTOCOLS, (long)CCURL_WEB);
    if (library->curl_easy_setopt(easy, CCURL_OPTION_REDIRECT_PROTOCOL_NAMES, "http,https")
        != CCURL_OK)
        SET(CCURL_OPTION_REDIRECT_PROTOCOLS, (long)CCURL_WEB);
#undef SET
    return code;
}

// Lets the transfer run; libcurl waits for the network between two turns.
static int run(const struct ccurl_library *library, ccurl_multi *multi,
               const struct ccurl_request *request, char *words) {
    int running = 1;
    while (true) {
        int code = library->curl_multi_perform(multi, &running);
        if (code == 0 && running > 0) {
            if (!request->on_turn(request->context)) return CCURL_STOPPED;
            code = library->curl_multi_poll(multi, NULL, 0, request->turn_milliseconds, NULL);
        }
        if (code != 0) {
            snprintf(words, CCURL_ERROR_SIZE, "%s", library->curl_multi_strerror(code));
            return CCURL_RECEIVE_ERROR;
        }
        if (running > 0) continue;
        int left = 0;
        const struct ccurl_message *message = library->curl_multi_info_read(multi, &left);
        if (!message || message->kind != CCURL_MESSAGE_DONE) return CCURL_RECEIVE_ERROR;
        return message->data.outcome == CCURL_BODY_REFUSED ? CCURL_STOPPED : message->data.outcome;
    }
}

// Without signals of libcurl's own, a connection that the other side closed could raise SIGPIPE in
// the libraries below it, so the signal is held back in this thread.
static void hold_back(sigset_t *before, bool *was_pending) {
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    *was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, before);
}

static void let_through(const sigset_t *before, bool was_pending) {
    sigset_t pipe, pending;
    sigpending(&pending);
    if (!was_pending && sigismember(&pending, SIGPIPE) == 1) {
        int signal;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        sigwait(&pipe, &signal);
    }
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

int ccurl_get(const struct ccurl_library *library, const struct ccurl_request *request,
              char *message, size_t message_size) {
    char words[CCURL_ERROR_SIZE] = "";
    sigset_t before;
    bool was_pending;
    hold_back(&before, &was_pending);
    int code = CCURL_RECEIVE_ERROR;
    struct ccurl_list *headers = NULL;
    ccurl_easy *easy = library->curl_easy_init();
    ccurl_multi *multi = library->curl_multi_init();
    bool is_ready = easy && multi;
    for (size_t i = 0; is_ready && i < request->header_count; i++) {
        struct ccurl_list *longer = library->curl_slist_append(headers, request->headers[i]);
        is_ready = longer != NULL;
        if (longer) headers = longer;
    }
    if (!is_ready) {
        snprintf(words, sizeof words, "no memory for a transfer");
    } else {
        code = set_options(library, easy, request, headers, words);
        if (code == CCURL_OK && library->curl_multi_add_handle(multi, easy) == 0) {
            code = run(library, multi, request, words);
            library->curl_multi_remove_handle(multi, easy);
        } else if (code == CCURL_OK) {
            code = CCURL_RECEIVE_ERROR;
        }
    }
    if (code != CCURL_OK && message_size)
        snprintf(message, message_size, "%s", words[0] ? words : library->curl_easy_strerror(code));
    if (easy) library->curl_easy_cleanup(easy);
    if (multi) library->curl_multi_cleanup(multi);
    library->curl_slist_free_all(headers);
    let_through(&before, was_pending);
    return code;
}
