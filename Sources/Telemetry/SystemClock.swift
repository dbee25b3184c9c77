import Glibc

/// The time of day.
package enum WallClock {
    /// Nanoseconds since 1970.
    @Sendable package static func now() -> Int64 { SystemClock.nanoseconds(CLOCK_REALTIME) }
}

/// Time that only goes forward.
package enum MonotonicClock {
    /// Nanoseconds since some moment in the past.
    @Sendable package static func now() -> Int64 { SystemClock.nanoseconds(CLOCK_MONOTONIC) }
}

enum SystemClock {
    /// When the machine was started, seconds since 1970.
    static var bootTime: Double { Double(nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_BOOTTIME)) / 1e9 }

    static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
