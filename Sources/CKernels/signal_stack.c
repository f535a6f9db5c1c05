// A stack of its own for the handlers of signals.
//
// A handler usually runs on the stack of the code that it interrupts, below the 128 bytes that x86-64
// promises to leave alone. oneDNN 2.6 generates code that keeps more than these below its stack
// pointer, so a handler there would overwrite numbers and addresses that are in use.

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "internal.h"

// The largest processor state that is saved in front of a handler takes 11 KiB.
enum { STACK_SIZE = 64 << 10 };

static pthread_key_t stacks;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void release(void *stack) {
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
    free(stack);
}

static void make_key(void) { pthread_key_create(&stacks, release); }

void ck_use_signal_stack(void) {
    static _Thread_local bool is_done;
    if (is_done) return;
    is_done = true;
    stack_t present;
    if (sigaltstack(NULL, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
    stack_t own = {.ss_sp = malloc(STACK_SIZE), .ss_size = STACK_SIZE};
    if (own.ss_sp == NULL) return;
    pthread_once(&once, make_key);
    if (sigaltstack(&own, NULL) != 0 || pthread_setspecific(stacks, own.ss_sp) != 0)
        release(own.ss_sp);
}

bool ck_handle_signal(int number, void (*handler)(int), struct sigaction *before) {
    ck_use_signal_stack();
    if (sigaction(number, NULL, before) != 0 || before->sa_handler == SIG_IGN) return false;
    struct sigaction now = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigemptyset(&now.sa_mask);
    return sigaction(number, &now, NULL) == 0;
}
