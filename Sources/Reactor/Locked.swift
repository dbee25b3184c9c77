internal import CLinux

/// A value that one thread at a time may touch.
///
/// On pthread's lock, which the thread sanitizer knows. The standard library's `Mutex` waits inside code that is built
/// without it, so that everything behind one looks like a race on Linux.
///
/// `@unchecked Sendable` because the value is reached only with the lock held.
@safe package final class Locked<Value: Sendable & ~Copyable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    package init(_ value: consuming Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let code = unsafe pthread_mutex_init(mutex, nil)
        precondition(code == 0, "a lock could not be made")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs the body while nobody else has the value. Short, and without calling what might take the lock again.
    package func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
