#define _GNU_SOURCE
#include "CMutexOrder.h"

// Tells the thread sanitizer what `Synchronization.Mutex` orders where two threads meet at it. Its uncontended way is
// inlined into our code and seen; the contended one lies in the toolchain's library, which is not built for the
// sanitizer, so that every meeting at a lock would be called a race of what the lock protects. The two functions of that
// way are defined here under the names that the compiler gives them (Swift 6.3), say it, and call the library's own.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF void *mutex __attribute__((swift_context))

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static void *ofLibrary(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) abort();
    return function;
}

SWIFT void lockSlow(uint32_t thread, SELF) __asm__(LOCK_SLOW);
SWIFT void unlockSlow(SELF) __asm__(UNLOCK_SLOW);

SWIFT void lockSlow(uint32_t thread, SELF) {
    typedef SWIFT void (*Lock)(uint32_t, SELF);
    ((Lock)ofLibrary(LOCK_SLOW))(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT void unlockSlow(SELF) {
    typedef SWIFT void (*Unlock)(SELF);
    __tsan_release(mutex);
    ((Unlock)ofLibrary(UNLOCK_SLOW))(mutex);
}

#endif
#endif
