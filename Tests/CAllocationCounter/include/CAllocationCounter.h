// Counts what the calling thread asks of the memory allocator; for tests, on glibc only.
#pragma once

#include <stdbool.h>

// Whether counting works here.
bool allocation_counter_works(void);

// Starts counting on this thread from zero.
void allocation_counter_start(void);

// Stops and returns how many blocks this thread has asked for since.
long allocation_counter_stop(void);
