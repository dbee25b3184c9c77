internal import Glibc

/// Cuts lines, and within a line the objects that follow each other, if so wished.
///
/// A line feed ends a log, wherever it stands; the carriage return before it goes with it. A line of white space is
/// none. Behind an object that was cut off, white space is passed over and the rest of the line is cut as a line is.
@safe struct LineCutter: Sendable {
    private enum Place {
        /// There was only white space, or nothing.
        case start
        /// Within a log that only the end of the line ends.
        case text
        case object
        case behindObject
    }

    private let cutsObjects: Bool
    private var place = Place.start
    private var nesting = JSONNesting(UInt8(ascii: "{"))
    /// Parts of the current log were given.
    private var isOpen = false
    /// The piece before ended with a carriage return.
    private var holdsReturn = false

    init(cutsObjects: Bool) { self.cutsObjects = cutsObjects }

    mutating func next(_ piece: UnsafeRawBufferPointer, at: inout Int) -> SplitEvent {
        guard let base = piece.baseAddress, at < piece.count else { return .needMore }
        if holdsReturn {
            guard unsafe base.load(fromByteOffset: at, as: UInt8.self) == UInt8(ascii: "\n") else {
                return release() ?? .needMore
            }
            holdsReturn = false
        }
        while at < piece.count {
            let event =
                switch place {
                case .start: unsafe start(base, at: &at, end: piece.count)
                case .text: unsafe text(base, at: &at, end: piece.count)
                case .object: unsafe object(base, at: &at, end: piece.count)
                case .behindObject: unsafe behindObject(base, at: &at, end: piece.count)
                }
            if let event { return event }
        }
        return .needMore
    }

    /// The carriage return that was held back, if one was, is part of the log.
    mutating func release() -> SplitEvent? {
        guard holdsReturn else { return nil }
        holdsReturn = false
        isOpen = true
        return .heldBack(UInt8(ascii: "\r"))
    }

    /// The end of the message ends a line as a line feed does.
    func end() -> SplitEnd { isOpen && place != .start ? .log : .nothing }

    /// The message turned out to be something else.
    /// - Returns: whether parts were given that are to be forgotten.
    mutating func abandon() -> Bool {
        defer { self = LineCutter(cutsObjects: cutsObjects) }
        return isOpen
    }

    /// A byte was given to the line that is its first significant one.
    mutating func continueAsText() {
        place = .text
        isOpen = true
    }

    private mutating func start(_ base: UnsafeRawPointer, at: inout Int, end: Int) -> SplitEvent? {
        var lineStart = at
        while at < end {
            let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
            guard JSONScanner.isSpace(byte) else {
                begin(byte)
                at = lineStart
                return nil
            }
            at &+= 1
            guard byte == UInt8(ascii: "\n") else { continue }
            lineStart = at
            if isOpen {
                isOpen = false
                return .blank
            }
        }
        return unsafe giveRest(base, from: lineStart, to: end)
    }

    private mutating func text(_ base: UnsafeRawPointer, at: inout Int, end: Int) -> SplitEvent? {
        let start = at
        guard let found = unsafe memchr(base + start, 0x0A, end &- start) else {
            at = end
            return unsafe giveRest(base, from: start, to: end)
        }
        at = unsafe UnsafeRawPointer(found) - base
        return unsafe endLine(base, from: start, at: &at)
    }

    private mutating func object(_ base: UnsafeRawPointer, at: inout Int, end: Int) -> SplitEvent? {
        let start = at
        switch unsafe nesting.scan(base, at: &at, end: end, stopsAtNewline: true) {
        case .closed:
            place = .behindObject
            isOpen = false
            return .part(start..<at, ends: true)
        case .newline: return unsafe endLine(base, from: start, at: &at)
        case .end: return unsafe giveRest(base, from: start, to: end)
        }
    }

    private mutating func behindObject(_ base: UnsafeRawPointer, at: inout Int, end: Int) -> SplitEvent? {
        while at < end {
            let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
            guard JSONScanner.isSpace(byte) else {
                begin(byte)
                return nil
            }
            at &+= 1
            if byte == UInt8(ascii: "\n") {
                place = .start
                return nil
            }
        }
        return nil
    }

    /// The first significant byte of a log.
    private mutating func begin(_ byte: UInt8) {
        guard cutsObjects, byte == UInt8(ascii: "{") else { return place = .text }
        nesting = JSONNesting(byte)
        place = .object
    }

    /// - Parameter at: where the line feed is.
    private mutating func endLine(_ base: UnsafeRawPointer, from start: Int, at: inout Int) -> SplitEvent {
        let end = unsafe endsWithReturn(base, from: start, to: at) ? at &- 1 : at
        at &+= 1
        place = .start
        isOpen = false
        return .part(start..<end, ends: true)
    }

    /// What there is of a log that the piece's end has cut; nil: nothing.
    private mutating func giveRest(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> SplitEvent? {
        holdsReturn = unsafe endsWithReturn(base, from: start, to: end)
        let last = holdsReturn ? end &- 1 : end
        guard last > start else { return nil }
        isOpen = true
        return .part(start..<last, ends: false)
    }

    private func endsWithReturn(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Bool {
        guard end > start else { return false }
        return unsafe base.load(fromByteOffset: end &- 1, as: UInt8.self) == UInt8(ascii: "\r")
    }
}
