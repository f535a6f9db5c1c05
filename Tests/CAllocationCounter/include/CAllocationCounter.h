// Counts what the calling thread asks of the memory allocator; for tests, on glibc only.
#pragma once

#include <stdbool.h>

// Whether counting works here.
bool allocation_counter_works(void);

// Starts counting on this thread from zero.
void allocation_counter_start(void);

typedef struct {
    long own;       // blocks asked for by anything but oneDNN and its thread library
    long library;   // blocks that oneDNN and its thread library asked for
    long alive;     // blocks asked for less blocks given back
} allocation_count;

// Stops and returns what this thread has asked for since.
allocation_count allocation_counter_stop(void);
