/// What became of the bytes given to a `BodyReader`.
package enum BodyEvent: Equatable, Sendable {
    /// All bytes are taken; the body goes on.
    case needMore
    /// A piece of the body: this range of the bytes given, never empty.
    case piece(Range<Int>)
    /// The body is over; what follows it is from the offset on. Sticky.
    case end
    /// Answer with this status and close. Sticky.
    case refused(status: Int, reason: BodyFault)
}

/// How large a body may be.
package struct BodyLimits: Equatable, Sendable {
    /// Bytes of content, without the framing of chunks.
    package var maxBytes: Int
    /// Bytes of chunk sizes, extensions and trailers beyond what a plain chunk of 64 bytes costs, over the body.
    package var maxOverhead: Int

    package init(maxBytes: Int, maxOverhead: Int = 16 * 1024) {
        self.maxBytes = maxBytes
        self.maxOverhead = maxOverhead
    }
}

/// Finds the pieces and the end of a body, of known length or chunked (RFC 9112 section 7.1), strictly: no blank
/// about a chunk's size, no bare CR or LF. Extensions and trailers are checked, bounded and skipped. It stores
/// no byte.
package struct BodyReader: Sendable {
    private enum State: Equatable {
        case counted(left: Int)
        case untilClose
        case chunkSize(value: Int, digits: Int)
        case chunkExtension
        case chunkSizeLineFeed
        case chunkData(left: Int)
        case chunkEnd
        case chunkEndLineFeed
        case trailer(TrailerState)
        case ended
        case refused(BodyFault)
    }

    private enum TrailerState: Equatable {
        case lineStart
        case name
        case value
        case lineFeed
        case lastLineFeed
    }

    private let limits: BodyLimits
    private var state: State
    private var chunkSize = 0
    private var received = 0
    private var overhead = 0

    package init(_ length: BodyLength, limits: BodyLimits) {
        self.limits = limits
        switch length {
        case .none: state = .ended
        case .length(let count) where count > limits.maxBytes: state = .refused(.tooLong)
        case .length(let count): state = count == 0 ? .ended : .counted(left: count)
        case .chunked: state = .chunkSize(value: 0, digits: 0)
        case .untilClose: state = .untilClose
        }
    }

    /// Takes bytes from `offset` on and moves it past what it took, never past the end of the body.
    package mutating func next(_ bytes: RawSpan, at offset: inout Int) -> BodyEvent {
        while true {
            switch state {
            case .ended: return .end
            case .refused(let fault): return .refused(status: fault.status, reason: fault)
            default: break
            }
            guard offset < bytes.byteCount else { return .needMore }
            do throws(BodyFault) {
                if let piece = try take(bytes, at: &offset) { return .piece(piece) }
            } catch {
                state = .refused(error)
            }
        }
    }

    private mutating func take(_ bytes: RawSpan, at offset: inout Int) throws(BodyFault) -> Range<Int>? {
        let available = bytes.byteCount - offset
        let count: Int
        switch state {
        case .counted(let left):
            count = min(left, available)
            state = count == left ? .ended : .counted(left: left - count)
        case .chunkData(let left):
            count = min(left, available)
            state = count == left ? .chunkEnd : .chunkData(left: left - count)
        case .untilClose:
            guard available <= limits.maxBytes - received else { throw .tooLong }
            count = available
        default:
            try takeFraming(bytes.byte(at: offset))
            offset += 1
            return nil
        }
        received += count
        offset += count
        return (offset - count)..<offset
    }

    private mutating func takeFraming(_ byte: UInt8) throws(BodyFault) {
        overhead += 1
        guard overhead <= limits.maxOverhead + received / 8 else { throw .chunkOverheadTooLong }
        switch state {
        case .chunkSize(let value, let digits): try takeSize(byte, value: value, digits: digits)
        case .chunkExtension:
            if byte == ASCII.carriageReturn {
                state = .chunkSizeLineFeed
            } else if ASCII.isForbiddenControl(byte) {
                throw .malformedChunkSize
            }
        case .chunkSizeLineFeed:
            guard byte == ASCII.lineFeed else { throw .malformedChunkSize }
            state = chunkSize == 0 ? .trailer(.lineStart) : .chunkData(left: chunkSize)
        case .chunkEnd:
            guard byte == ASCII.carriageReturn else { throw .malformedChunkEnd }
            state = .chunkEndLineFeed
        case .chunkEndLineFeed:
            guard byte == ASCII.lineFeed else { throw .malformedChunkEnd }
            state = .chunkSize(value: 0, digits: 0)
        case .trailer(let inner): try takeTrailer(byte, inner)
        case .counted, .untilClose, .chunkData, .ended, .refused: break
        }
    }

    private mutating func takeSize(_ byte: UInt8, value: Int, digits: Int) throws(BodyFault) {
        if let digit = ASCII.hexValue(byte) {
            // Sixteen digits fill 64 bits; leading zeros beyond that have no honest use.
            guard digits < 16 else { throw .malformedChunkSize }
            let (sum, over) = value.multipliedReportingOverflow(by: 16)
            guard !over, sum <= Int.max - digit, sum + digit <= limits.maxBytes - received else { throw .tooLong }
            state = .chunkSize(value: sum + digit, digits: digits + 1)
            return
        }
        guard digits > 0 else { throw .malformedChunkSize }
        chunkSize = value
        switch byte {
        case ASCII.carriageReturn: state = .chunkSizeLineFeed
        case UInt8(ascii: ";"): state = .chunkExtension
        default: throw .malformedChunkSize
        }
    }

    private mutating func takeTrailer(_ byte: UInt8, _ inner: TrailerState) throws(BodyFault) {
        switch inner {
        case .lineStart where byte == ASCII.carriageReturn: state = .trailer(.lastLineFeed)
        case .lineStart, .name:
            if inner == .name && byte == ASCII.colon {
                state = .trailer(.value)
            } else {
                guard ASCII.isToken(byte) else { throw .malformedTrailer }
                state = .trailer(.name)
            }
        case .value where byte == ASCII.carriageReturn: state = .trailer(.lineFeed)
        case .value:
            guard !ASCII.isForbiddenControl(byte) else { throw .malformedTrailer }
        case .lineFeed:
            guard byte == ASCII.lineFeed else { throw .malformedTrailer }
            state = .trailer(.lineStart)
        case .lastLineFeed:
            guard byte == ASCII.lineFeed else { throw .malformedTrailer }
            state = .ended
        }
    }
}
