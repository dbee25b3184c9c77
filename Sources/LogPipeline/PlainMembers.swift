/// Members of a log's outermost object for as long as they are what most are: a string without escapes, of ASCII, and no
/// white space but a blank behind colon and comma. Anything else is left to `JSONScanner`, where it begins.
@safe struct PlainMembers {
    enum End {
        /// `at` is behind the object's closing brace.
        case closed
        /// A name should begin at `at`, or white space before it.
        case name
        /// The value begins at `at`, or white space before it; its name is `isTimestamp` or not.
        case value
        /// The value began at `valueStart` and is a string; `at` is within it, where something is to be looked at.
        case string
        /// A value has ended before `at`.
        case follow
    }

    let end: End
    let at: Int
    var isTimestamp = false
    var valueStart = 0
    /// The value of the last member `timestamp` that was passed.
    let timestamp: Range<Int>?

    /// - Parameters:
    ///   - base: a text that is padded as `PaddedText` says.
    ///   - words: its marks.
    ///   - start: where a name should begin.
    @inline(__always)
    static func run(
        _ base: UnsafeRawPointer,
        marks words: UnsafeRawPointer,
        from start: Int,
        timestamp before: Range<Int>?
    ) -> PlainMembers {
        var at = start
        var timestamp = before
        var marks = unsafe TextMarks(words, from: start)
        while true {
            // The zero at the text's end is a place as well, and fits nowhere: nothing is looked at behind it.
            guard marks.next() == at, unsafe byte(base, at) == UInt8(ascii: "\"") else {
                return PlainMembers(end: .name, at: at, timestamp: timestamp)
            }
            let nameEnd = marks.next()
            guard unsafe byte(base, nameEnd) == UInt8(ascii: "\""), unsafe byte(base, nameEnd &+ 1) == UInt8(ascii: ":")
            else { return PlainMembers(end: .name, at: at, timestamp: timestamp) }
            let isTimestamp = unsafe nameEnd &- at == 10 && JSONName.isTimestamp(base + (at &+ 1))
            let value = unsafe nameEnd &+ (byte(base, nameEnd &+ 2) == 0x20 ? 3 : 2)
            guard unsafe byte(base, value) == UInt8(ascii: "\"") else {
                return PlainMembers(end: .value, at: value, isTimestamp: isTimestamp, timestamp: timestamp)
            }
            // The quote itself.
            _ = marks.next()
            let valueEnd = marks.next()
            guard unsafe byte(base, valueEnd) == UInt8(ascii: "\"") else {
                return PlainMembers(
                    end: .string,
                    at: valueEnd,
                    isTimestamp: isTimestamp,
                    valueStart: value,
                    timestamp: timestamp
                )
            }
            if isTimestamp { timestamp = value..<valueEnd &+ 1 }
            at = valueEnd &+ 1
            guard unsafe byte(base, at) == UInt8(ascii: ",") else {
                let isClosed = unsafe byte(base, at) == UInt8(ascii: "}")
                return PlainMembers(
                    end: isClosed ? .closed : .follow,
                    at: isClosed ? at &+ 1 : at,
                    timestamp: timestamp
                )
            }
            at &+= unsafe byte(base, at &+ 1) == 0x20 ? 2 : 1
        }
    }

    @inline(__always)
    private static func byte(_ base: UnsafeRawPointer, _ at: Int) -> UInt8 {
        unsafe base.load(fromByteOffset: at, as: UInt8.self)
    }
}
