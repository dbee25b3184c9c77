/// Cuts a JSON array into its elements, white space around them taken off.
///
/// What is within an element is not looked at but for where it ends: that is the policy's business.
@safe struct ArrayCutter: Sendable {
    private enum Place {
        case beforeArray
        /// Behind the `[`.
        case first
        /// Behind a comma.
        case next
        case nested
        case scalar
        /// Behind an element.
        case behind
        case afterArray
        case failed
    }

    private var place: Place
    private var nesting = JSONNesting(UInt8(ascii: "{"))
    private var scalar = JSONScalar()

    /// - Parameter isInside: its `[` was read already.
    init(isInside: Bool = false) { place = isInside ? .first : .beforeArray }

    mutating func next(_ piece: UnsafeRawBufferPointer, at: inout Int) -> SplitEvent {
        guard let base = piece.baseAddress else { return .needMore }
        while at < piece.count {
            switch place {
            case .nested: return unsafe nested(base, at: &at, end: piece.count)
            case .scalar: return unsafe scalar(base, at: &at, end: piece.count)
            case .failed:
                at = piece.count
                return .needMore
            case .beforeArray, .first, .next, .behind, .afterArray:
                let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
                if JSONScanner.isSpace(byte) {
                    at &+= 1
                } else if begins(byte) {
                    // The element's first byte is scanned with the rest of it.
                } else if separates(byte) {
                    at &+= 1
                } else {
                    return fail(&at, end: piece.count)
                }
            }
        }
        return .needMore
    }

    func end() -> SplitEnd {
        switch place {
        case .afterArray, .failed: .nothing
        default: .malformed
        }
    }

    /// Whether an element begins with this byte.
    private mutating func begins(_ byte: UInt8) -> Bool {
        guard place == .first || place == .next else { return false }
        if JSONNesting.begins(byte) {
            nesting = JSONNesting(byte)
            place = .nested
            return true
        }
        guard JSONScalar.begins(byte) else { return false }
        scalar = JSONScalar()
        place = .scalar
        return true
    }

    /// Whether this byte may stand here, between elements.
    private mutating func separates(_ byte: UInt8) -> Bool {
        switch (place, byte) {
        case (.beforeArray, UInt8(ascii: "[")): place = .first
        case (.behind, UInt8(ascii: ",")): place = .next
        case (.first, UInt8(ascii: "]")), (.behind, UInt8(ascii: "]")): place = .afterArray
        default: return false
        }
        return true
    }

    private mutating func nested(_ base: UnsafeRawPointer, at: inout Int, end: Int) -> SplitEvent {
        let start = at
        let stop = unsafe nesting.scan(base, at: &at, end: end, stopsAtNewline: false)
        guard case .closed = stop else { return .part(start..<at, ends: false) }
        place = .behind
        return .part(start..<at, ends: true)
    }

    private mutating func scalar(_ base: UnsafeRawPointer, at: inout Int, end: Int) -> SplitEvent {
        let start = at
        while at < end {
            let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
            if JSONScanner.isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
                guard scalar.isWhole else { break }
                place = .behind
                return .part(start..<at, ends: true)
            }
            guard scalar.take(byte) else { break }
            at &+= 1
        }
        return at < end ? fail(&at, end: end) : .part(start..<at, ends: false)
    }

    private mutating func fail(_ at: inout Int, end: Int) -> SplitEvent {
        place = .failed
        at = end
        return .malformed
    }
}
