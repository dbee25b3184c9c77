/// When the logs of a tick were received, and how that is written into a log; made once a tick.
package struct ArrivalStamp: Sendable {
    /// Nanoseconds of the monotonic clock.
    package private(set) var monotonic: UInt64
    package private(set) var unixMilliseconds: Int64
    /// `{"timestamp":"2026-11-21T07:49:20.123Z",`
    private(set) var opening: InlineArray<40, UInt8>

    package init(monotonic: UInt64, unixMilliseconds: Int64) {
        self.monotonic = monotonic
        self.unixMilliseconds = unixMilliseconds
        opening = Self.opening(unixMilliseconds)
    }

    /// The next tick's: written anew only when another millisecond has begun, as ticks are often shorter.
    package mutating func move(monotonic: UInt64, unixMilliseconds: Int64) {
        self.monotonic = monotonic
        guard unixMilliseconds != self.unixMilliseconds else { return }
        self.unixMilliseconds = unixMilliseconds
        opening = Self.opening(unixMilliseconds)
    }

    private static func opening(_ unixMilliseconds: Int64) -> InlineArray<40, UInt8> {
        let name: StaticString = "{\"timestamp\":\""
        let text = RFC3339.text(unixMilliseconds: unixMilliseconds)
        return InlineArray<40, UInt8> { index in
            switch index {
            case 0..<14: unsafe name.utf8Start[index]
            case 14..<38: text[index - 14]
            case 38: UInt8(ascii: "\"")
            default: UInt8(ascii: ",")
            }
        }
    }

    /// Writes the opening, all of it or without its comma.
    func writeOpening(to target: UnsafeMutableRawPointer, comma: Bool = true) {
        unsafe opening.span.withUnsafeBytes { source in
            unsafe target.copyMemory(from: source.baseAddress!, byteCount: comma ? 40 : 39)
        }
    }
}
