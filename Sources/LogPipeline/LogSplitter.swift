/// Cuts a message into logs as it streams by, over any cuts of its bytes; holds none of them.
///
/// - `lines`: a line feed ends a log, and so does the end of the message; a carriage return just before either is not
///   part of the log. A line of JSON white space is none.
/// - `array`: each element of the JSON array is one, white space around it taken off. What is within objects, arrays
///   and strings is not checked here.
/// - `auto`: an array, when the first significant byte of the message is a `[` and the byte behind it is `{`, `[`,
///   `"`, `]` or white space (`[INFO] …` is a line of text). Else lines; and in a line that begins with an object, that
///   object is a log and what is behind it is cut as if a line began there.
///
/// For each message: `begin`, for each piece of it `next` until `needMore`, then `end`.
@safe package struct LogSplitter: Sendable {
    private enum Mode {
        case whole
        case lines
        case array
        /// Either; there was only white space.
        case undecided
        /// The piece before ended with the `[` that the next byte decides about.
        case undecidedBehindBracket
    }

    private let split: Split
    private var mode: Mode
    private var lines: LineCutter
    private var array = ArrayCutter()

    package init(_ split: Split) {
        self.split = split
        mode = LogSplitter.mode(split)
        lines = LineCutter(cutsObjects: split == .auto)
    }

    /// A message begins.
    package mutating func begin() { self = LogSplitter(split) }

    /// What comes next in a piece of the message.
    ///
    /// - Parameters:
    ///   - bytes: unmasked and inflated payload, the same ones until `needMore`.
    ///   - offset: from where; moved behind what was taken.
    package mutating func next(_ bytes: RawSpan, at offset: inout Int) -> SplitEvent {
        unsafe bytes.withUnsafeBytes { piece in
            switch mode {
            case .lines: return unsafe lines.next(piece, at: &offset)
            case .array: return unsafe array.next(piece, at: &offset)
            case .whole: return LogSplitter.whole(count: piece.count, at: &offset)
            case .undecided: return unsafe decide(piece, at: &offset)
            case .undecidedBehindBracket: return unsafe decideBehindBracket(piece, at: &offset)
            }
        }
    }

    /// The message is over.
    package mutating func end() -> SplitEnd {
        switch mode {
        case .whole: .log
        case .lines, .undecided: lines.end()
        case .array: array.end()
        case .undecidedBehindBracket: .malformed
        }
    }

    private static func mode(_ split: Split) -> Mode {
        switch split {
        case .none: .whole
        case .lines: .lines
        case .array: .array
        case .auto: .undecided
        }
    }

    private static func whole(count: Int, at offset: inout Int) -> SplitEvent {
        guard offset < count else { return .needMore }
        defer { offset = count }
        return .part(offset..<count, ends: false)
    }

    private mutating func decide(_ piece: UnsafeRawBufferPointer, at offset: inout Int) -> SplitEvent {
        var first = offset
        while first < piece.count, JSONScanner.isSpace(unsafe piece[first]) { first &+= 1 }
        guard first < piece.count else { return unsafe lines.next(piece, at: &offset) }
        guard unsafe piece[first] == UInt8(ascii: "[") else {
            mode = .lines
            return unsafe lines.next(piece, at: &offset)
        }
        guard first + 1 < piece.count else {
            // The white space before the bracket is the lines' business, as long as it may be theirs.
            let before = unsafe lines.next(UnsafeRawBufferPointer(rebasing: piece[..<first]), at: &offset)
            guard case .needMore = before else { return before }
            mode = .undecidedBehindBracket
            offset = piece.count
            return .needMore
        }
        guard unsafe LogSplitter.beginsArray(piece[first + 1]) else {
            mode = .lines
            return unsafe lines.next(piece, at: &offset)
        }
        offset = first
        mode = .array
        return lines.abandon() ? .blank : unsafe array.next(piece, at: &offset)
    }

    private mutating func decideBehindBracket(_ piece: UnsafeRawBufferPointer, at offset: inout Int) -> SplitEvent {
        guard offset < piece.count else { return .needMore }
        guard unsafe LogSplitter.beginsArray(piece[offset]) else {
            if let held = lines.release() { return held }
            mode = .lines
            lines.continueAsText()
            return .heldBack(UInt8(ascii: "["))
        }
        mode = .array
        array = ArrayCutter(isInside: true)
        return lines.abandon() ? .blank : unsafe array.next(piece, at: &offset)
    }

    /// Whether a byte behind the `[` that a message begins with makes it an array.
    private static func beginsArray(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "]") || JSONNesting.begins(byte) || JSONScanner.isSpace(byte)
    }
}
