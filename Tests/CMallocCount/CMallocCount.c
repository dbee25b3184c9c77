#define _GNU_SOURCE
#include "CMallocCount.h"
#include <errno.h>
#include <stddef.h>

// Takes the place of glibc's allocator in the program it is linked into, which is the tests' own; every call goes on
// to glibc. Sanitizers have an allocator of their own: there nothing is replaced.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local int counting;
static _Thread_local int64_t allocations;

static inline void note(void) { allocations += counting; }

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    note();
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    note();
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

void malloc_count_begin(void) {
    allocations = 0;
    counting = 1;
}

int64_t malloc_count_end(void) {
    counting = 0;
    return allocations;
}

#else

void malloc_count_begin(void) {}
int64_t malloc_count_end(void) { return -1; }

#endif
