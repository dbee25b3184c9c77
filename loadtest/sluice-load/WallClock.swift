internal import Glibc

/// The time of day as logs carry it: RFC 3339, UTC, milliseconds.
struct WallClock {
    private var second = -1
    /// `2025-11-21T08:25:48.123Z`, of the last `tick`.
    private(set) var text: [UInt8] = Array("1970-01-01T00:00:00.000Z".utf8)

    /// Nanoseconds of the clock that loops go by.
    static var monotonic: UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// Reads the clock.
    mutating func tick() {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        tick(second: now.tv_sec, millisecond: now.tv_nsec / 1_000_000)
    }

    /// - Parameter second: since 1970.
    mutating func tick(second: Int, millisecond: Int) {
        if second != self.second {
            self.second = second
            var calendar = unsafe tm()
            var second = second
            unsafe gmtime_r(&second, &calendar)
            unsafe set(Int(calendar.tm_year) + 1900, at: 0, digits: 4)
            unsafe set(Int(calendar.tm_mon) + 1, at: 5, digits: 2)
            unsafe set(Int(calendar.tm_mday), at: 8, digits: 2)
            unsafe set(Int(calendar.tm_hour), at: 11, digits: 2)
            unsafe set(Int(calendar.tm_min), at: 14, digits: 2)
            unsafe set(Int(calendar.tm_sec), at: 17, digits: 2)
        }
        set(millisecond, at: 20, digits: 3)
    }

    private mutating func set(_ value: Int, at start: Int, digits: Int) {
        var rest = value
        for index in (start..<(start + digits)).reversed() {
            text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
