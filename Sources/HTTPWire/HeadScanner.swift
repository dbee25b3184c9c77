/// Takes the lines of a head out of a stream of bytes, whatever the cuts, and keeps them until the head is whole.
///
/// What is wrong is found at the byte that makes it wrong, so that the verdict does not depend on how the bytes
/// arrived and garbage (a TLS hello on a plain port) is refused without waiting for an end that never comes.
struct HeadScanner: Sendable {
    enum Step: Equatable {
        case needMore
        /// A line, without its CRLF, as a range of `bytes`.
        case line(Range<Int>)
        /// The empty line that ends a head.
        case end
        case fault(HeadFault)
    }

    /// The head so far.
    private(set) var bytes: [UInt8] = []
    private var lineStart = 0
    private var skippedEmptyLine = false
    private let maxBytes: Int

    /// A browser's handshake fits in; longer heads grow.
    private static let usualBytes = 512

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Nothing of a head has been seen.
    var isIdle: Bool { bytes.isEmpty && !skippedEmptyLine }

    mutating func next(_ input: RawSpan, at offset: inout Int) -> Step {
        while offset < input.byteCount {
            guard bytes.count < maxBytes else {
                return .fault(lineStart == 0 ? .requestLineTooLong : .headTooLong)
            }
            let byte = input.byte(at: offset)
            let afterCarriageReturn = bytes.count > lineStart && bytes[bytes.count - 1] == ASCII.carriageReturn
            if byte == ASCII.lineFeed {
                guard afterCarriageReturn else { return .fault(.bareLineFeed) }
                offset += 1
                bytes.append(byte)
                if let step = endLine() { return step }
                continue
            }
            guard !afterCarriageReturn else { return .fault(.bareCarriageReturn) }
            if byte == ASCII.carriageReturn {
                offset += 1
                bytes.append(byte)
            } else {
                guard !ASCII.isForbiddenControl(byte) else { return .fault(.controlCharacter) }
                takeRun(input, at: &offset)
            }
        }
        return .needMore
    }

    /// Takes the byte at the offset and all after it, up to the limit, that may stand within a line.
    private mutating func takeRun(_ input: RawSpan, at offset: inout Int) {
        let limit = min(input.byteCount, offset + maxBytes - bytes.count)
        let start = offset
        offset += 1
        while offset < limit && !ASCII.isForbiddenControl(input.byte(at: offset)) { offset += 1 }
        if bytes.isEmpty { bytes.reserveCapacity(min(maxBytes, Self.usualBytes)) }
        unsafe input.withUnsafeBytes { unsafe bytes.append(contentsOf: $0[start..<offset]) }
    }

    private mutating func endLine() -> Step? {
        let line = lineStart..<(bytes.count - 2)
        guard line.isEmpty else {
            lineStart = bytes.count
            return .line(line)
        }
        guard lineStart == 0 else { return .end }
        // RFC 9112 section 2.2: one empty line before the request line is ignored, for old clients that end a
        // body with one.
        guard !skippedEmptyLine else { return .fault(.malformedRequestLine) }
        skippedEmptyLine = true
        bytes.removeAll(keepingCapacity: true)
        return nil
    }

    /// Ready for another head, holding nothing.
    mutating func reset() { self = HeadScanner(maxBytes: maxBytes) }
}
