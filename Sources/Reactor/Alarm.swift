internal import CLinux

/// Ends a loop's sleep at a time: a timerfd, watched by its epoll.
///
/// A timeout given to `epoll_wait` is set up and taken back with every sleep. With one log a read, and a deadline within
/// a millisecond, that took 4 of 20 microseconds a log on a virtual machine (`loadtest/README.md`). This one is set anew
/// only for an earlier time or after it has rung; rung too early, it costs a tick without events.
struct Alarm: ~Copyable {
    /// EPOLLIN and EPOLLET: said once when it rings, without being read.
    static let interest: UInt32 = 0x001 | 1 << 31

    let descriptor: Int32
    /// Monotonic nanoseconds.
    private var setFor = UInt64.max

    init() throws(Errno) {
        descriptor = cl_timerfd()
        guard descriptor >= 0 else { throw Errno.last }
    }

    deinit { close(descriptor) }

    /// Rings at this time at the latest, which has not come yet; `.max`: needs not ring.
    ///
    /// - Parameter now: monotonic nanoseconds.
    mutating func set(for time: UInt64, now: UInt64) {
        guard Alarm.needsSetting(for: time, setFor: setFor, now: now) else { return }
        setFor = time
        cl_timerfd_set(descriptor, time)
    }

    /// Its event has come.
    mutating func rang() { setFor = .max }

    static func needsSetting(for time: UInt64, setFor: UInt64, now: UInt64) -> Bool {
        time != .max && (time < setFor || setFor <= now)
    }
}
