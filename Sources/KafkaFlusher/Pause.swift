internal import Glibc

/// Sleeps on threads that have nothing else to wait for.
enum Pause {
    static func milliseconds(_ count: Int) {
        var time = timespec(tv_sec: count / 1_000, tv_nsec: count % 1_000 * 1_000_000)
        unsafe nanosleep(&time, nil)
    }
}
