#ifndef SLUICE_CMALLOCCOUNT_H
#define SLUICE_CMALLOCCOUNT_H
#include <stdint.h>
/// Begins to count this thread's allocations (malloc, calloc, realloc, aligned).
void malloc_count_begin(void);
/// Ends it.
/// \returns how many there were; -1 where a sanitizer has the allocator.
int64_t malloc_count_end(void);
#endif
