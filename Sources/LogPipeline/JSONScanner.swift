/// One pass over a message that begins as a JSON object: RFC 8259 grammar, UTF-8, and where the member is that the policy
/// looks for. What it is mostly made of is for `PlainMembers`; this is the general way.
///
/// Where the RFC leaves limits to implementations (section 9), numbers have none and nesting is bounded by
/// `maximumDepth`. An escaped surrogate without its partner is grammatical (section 8.2) and passes, as does a number
/// that no double can hold: the log is relayed byte for byte, nobody reads it here. (simdjson, which the tests hold
/// this against, refuses these two, and nesting from 1,024 on.)
@safe package struct JSONScanner {
    /// Arrays and objects within each other, the outermost included.
    package static let maximumDepth = 512

    /// What comes next.
    private enum Step {
        case name
        case value
        /// What may come behind a value.
        case follow
        case end
        case fault
    }

    private let base: UnsafeRawPointer
    private let marks: UnsafeRawPointer
    private let count: Int
    private var at: Int
    private var depth = 0
    private var inObject = false
    private var isUTF8 = true
    /// One bit for each container around the present one: whether it is an object.
    private var outer = [8 of UInt64](repeating: 0)
    /// Whether the outermost object's present member is `timestamp`.
    private var isTimestamp = false
    private var valueStart = 0
    private var shape = JSONObjectShape()

    /// - Parameter open: where the `{` is.
    @inline(never)
    package static func scan(_ text: borrowing PaddedText, from open: Int) -> JSONScan {
        var scanner = unsafe JSONScanner(text.base, marks: text.marks, count: text.count, at: open)
        scanner.shape.open = open
        let first = scanner.open(object: true)
        scanner.shape.isEmpty = scanner.depth == 0
        return scanner.document(first)
    }

    /// Goes on where `PlainMembers`, begun behind the `{` at `open`, has stopped.
    @inline(never)
    static func scan(
        _ text: borrowing PaddedText,
        marks: UnsafeRawPointer,
        from open: Int,
        behind members: PlainMembers
    ) -> JSONScan {
        var scanner = unsafe JSONScanner(text.base, marks: marks, count: text.count, at: open)
        scanner.shape.open = open
        scanner.depth = 1
        scanner.inObject = true
        return scanner.document(scanner.goOn(behind: members))
    }

    private init(_ base: UnsafeRawPointer, marks: UnsafeRawPointer, count: Int, at: Int) {
        unsafe self.base = base
        unsafe self.marks = marks
        self.count = count
        self.at = at
    }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte <= 0x20 && (byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09)
    }

    private var byte: UInt8 {
        @inline(__always) get { unsafe base.load(fromByteOffset: at, as: UInt8.self) }
    }

    @inline(__always)
    private mutating func skipSpace() {
        while JSONScanner.isSpace(byte) { at &+= 1 }
    }

    private mutating func document(_ first: Step) -> JSONScan {
        var step = first
        while true {
            switch step {
            case .fault: return isUTF8 ? .invalidJSON(at: at) : .invalidUTF8
            case .end:
                skipSpace()
                return at == count ? .object(shape) : .invalidJSON(at: at)
            case .value: step = value()
            case .name: step = depth == 1 ? members() : name()
            case .follow: step = follow()
            }
        }
    }

    private mutating func members() -> Step {
        goOn(behind: unsafe PlainMembers.run(base, marks: marks, from: at, timestamp: shape.timestamp))
    }

    /// Takes over at the member, of the outermost object, that is not plain.
    private mutating func goOn(behind members: PlainMembers) -> Step {
        at = members.at
        shape.timestamp = members.timestamp
        switch members.end {
        case .closed:
            depth = 0
            inObject = false
            return .end
        case .name:
            let start = at
            skipSpace()
            return at > start ? .name : name()
        case .value:
            skipSpace()
            isTimestamp = members.isTimestamp
            valueStart = at
            return .value
        case .string:
            isTimestamp = members.isTimestamp
            valueStart = members.valueStart
            return restOfString() ? .follow : .fault
        case .follow:
            isTimestamp = false
            return .follow
        }
    }

    /// A value begins here or nothing does.
    @inline(__always)
    private mutating func value() -> Step {
        switch byte {
        case UInt8(ascii: "\""): string() ? follow() : .fault
        case UInt8(ascii: "{"): open(object: true)
        case UInt8(ascii: "["): open(object: false)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): number() ? follow() : .fault
        case UInt8(ascii: "t"): literal(0x6575_7274, count: 4) ? follow() : .fault
        case UInt8(ascii: "n"): literal(0x6C6C_756E, count: 4) ? follow() : .fault
        case UInt8(ascii: "f"): literal(0x6573_6C61, at: 1, count: 5) ? follow() : .fault
        default: .fault
        }
    }

    @inline(__always)
    private mutating func open(object: Bool) -> Step {
        guard depth < JSONScanner.maximumDepth else { return .fault }
        let bit = UInt64(1) << UInt64(depth & 63)
        if inObject { outer[depth >> 6] |= bit } else { outer[depth >> 6] &= ~bit }
        depth &+= 1
        inObject = object
        at &+= 1
        skipSpace()
        if byte == (object ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            close()
            return depth == 0 ? .end : follow()
        }
        return object ? .name : .value
    }

    @inline(__always)
    private mutating func close() {
        depth &-= 1
        inObject = outer[depth >> 6] & (UInt64(1) << UInt64(depth & 63)) != 0
        at &+= 1
    }

    /// What may come behind a value.
    @inline(__always)
    private mutating func follow() -> Step {
        while true {
            if depth == 1 { memberEnded() }
            skipSpace()
            switch byte {
            case UInt8(ascii: ","):
                at &+= 1
                skipSpace()
                return inObject ? .name : .value
            case UInt8(ascii: "}") where inObject, UInt8(ascii: "]") where !inObject:
                close()
                if depth == 0 { return .end }
            default:
                return .fault
            }
        }
    }

    @inline(__always)
    private mutating func memberEnded() {
        if isTimestamp { shape.timestamp = valueStart..<at }
        isTimestamp = false
    }

    /// A member's name and its colon.
    @inline(__always)
    private mutating func name() -> Step {
        guard byte == UInt8(ascii: "\"") else { return .fault }
        let start = at &+ 1
        guard string() else { return .fault }
        let end = at &- 1
        skipSpace()
        guard byte == UInt8(ascii: ":") else { return .fault }
        at &+= 1
        skipSpace()
        if depth == 1 {
            isTimestamp = unsafe JSONName.isTimestamp(base + start, count: end &- start)
            valueStart = at
        }
        return .value
    }

    /// A string; `at` comes to stand behind its closing quote, or at the fault.
    @inline(__always)
    private mutating func string() -> Bool {
        at &+= 1
        return restOfString()
    }

    @inline(__always)
    private mutating func restOfString() -> Bool {
        while true {
            let end = unsafe TextRun.end(base, from: at)
            if end < 0 {
                isUTF8 = false
                return false
            }
            at = end
            if byte == UInt8(ascii: "\"") {
                at &+= 1
                return true
            }
            guard byte == UInt8(ascii: "\\"), escape() else { return false }
        }
    }

    private mutating func escape() -> Bool {
        switch unsafe base.load(fromByteOffset: at &+ 1, as: UInt8.self) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at &+= 2
            return true
        case UInt8(ascii: "u"):
            guard unsafe JSONName.codeUnit(base, at: at &+ 2) != nil else { return false }
            at &+= 6
            return true
        default:
            return false
        }
    }

    @inline(__always)
    private mutating func literal(_ word: UInt32, at offset: Int = 0, count: Int) -> Bool {
        let found = unsafe base.loadUnaligned(fromByteOffset: at &+ offset, as: UInt32.self)
        guard UInt32(littleEndian: found) == word else { return false }
        at &+= count
        return true
    }

    private mutating func number() -> Bool {
        if byte == UInt8(ascii: "-") { at &+= 1 }
        if byte == UInt8(ascii: "0") { at &+= 1 } else if !digits() { return false }
        if byte == UInt8(ascii: ".") {
            at &+= 1
            guard digits() else { return false }
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            at &+= 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at &+= 1 }
            guard digits() else { return false }
        }
        return true
    }

    @inline(__always)
    private mutating func digits() -> Bool {
        let start = at
        while byte &- UInt8(ascii: "0") < 10 { at &+= 1 }
        return at > start
    }
}
