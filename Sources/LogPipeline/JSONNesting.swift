/// Where one JSON value ends, while its bytes stream by: an object, an array or a string.
///
/// Only brackets of the outermost kind are counted: in what is JSON those are enough, and in what is not, an object
/// whose arrays are broken still ends with its own brace.
@safe struct JSONNesting: Sendable {
    enum Stop {
        /// The bytes are all taken.
        case end
        /// The value has ended, with the byte before.
        case closed
        /// Here is a line feed.
        case newline
    }

    private let open: UInt8
    private let close: UInt8
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    static func begins(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "\"")
    }

    /// - Parameter first: the byte that the value begins with; still to be scanned.
    init(_ first: UInt8) {
        // A string ends with its quote; outside of it nothing is read.
        open = first == UInt8(ascii: "\"") ? 0xFF : first
        close = first == UInt8(ascii: "{") ? UInt8(ascii: "}") : first == UInt8(ascii: "[") ? UInt8(ascii: "]") : 0xFF
    }

    /// Goes on from `at`, to behind the value, to a line feed or to the end.
    mutating func scan(_ base: UnsafeRawPointer, at: inout Int, end: Int, stopsAtNewline: Bool) -> Stop {
        while at < end {
            let stop = isInString ? unsafe scanString(base, &at, end) : unsafe scanOutside(base, &at, end)
            switch stop {
            case nil: continue
            case .newline where !stopsAtNewline: at &+= 1
            case .some(let stop): return stop
            }
        }
        return .end
    }

    /// - Returns: nil where a string begins.
    @inline(__always)
    private mutating func scanOutside(_ base: UnsafeRawPointer, _ at: inout Int, _ end: Int) -> Stop? {
        while at < end {
            let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
            if byte == UInt8(ascii: "\"") {
                at &+= 1
                isInString = true
                return nil
            }
            if byte == UInt8(ascii: "\n") { return .newline }
            at &+= 1
            if byte == open {
                depth &+= 1
            } else if byte == close {
                depth &-= 1
                if depth == 0 { return .closed }
            }
        }
        return .end
    }

    /// - Returns: nil where the string has ended, or its escape is over.
    @inline(__always)
    private mutating func scanString(_ base: UnsafeRawPointer, _ at: inout Int, _ end: Int) -> Stop? {
        if isEscaped {
            isEscaped = false
            if unsafe base.load(fromByteOffset: at, as: UInt8.self) == UInt8(ascii: "\n") { return .newline }
            at &+= 1
            return nil
        }
        at = unsafe JSONNesting.stringStop(base, at, end)
        guard at < end else { return .end }
        let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
        if byte == UInt8(ascii: "\n") { return .newline }
        at &+= 1
        if byte == UInt8(ascii: "\\") {
            isEscaped = true
            return nil
        }
        isInString = false
        return depth == 0 ? .closed : nil
    }

    /// The first quote, backslash or line feed, or `end`.
    @inline(__always)
    private static func stringStop(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
        let quotes = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
        let backslashes = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
        let newlines = SIMD16<UInt8>(repeating: UInt8(ascii: "\n"))
        var at = start
        while end &- at >= 16 {
            let bytes = unsafe base.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self)
            let stops = (bytes .== quotes) .| (bytes .== backslashes) .| (bytes .== newlines)
            let mask = unsafe unsafeBitCast(stops, to: UInt128.self)
            if mask != 0 { return at &+ mask.trailingZeroBitCount &>> 3 }
            at &+= 16
        }
        while at < end {
            let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\n") { return at }
            at &+= 1
        }
        return end
    }
}
