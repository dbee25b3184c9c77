import Glibc

/// The time of day, for arrival timestamps; a value so that tests set it.
package struct WallClock: Sendable {
    /// Milliseconds since 1970.
    package let unixMilliseconds: @Sendable () -> Int64

    package init(unixMilliseconds: @escaping @Sendable () -> Int64) {
        self.unixMilliseconds = unixMilliseconds
    }

    package static let system = WallClock {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
