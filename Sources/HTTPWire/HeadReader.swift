/// A head that is read as a first line and fields.
protocol HeadForm: Sendable {
    associatedtype Line: HeadLine

    init(line: Line, headers: HeaderFields) throws(HeadFault)
}

protocol HeadLine: Sendable {
    init(_ line: ArraySlice<UInt8>) throws(HeadFault)
}

/// What request and response heads have in common: lines, limits, a verdict that stays.
struct HeadReader<Head: HeadForm>: Sendable {
    private enum State {
        case line
        case fields(Head.Line, HeaderFields)
        case refused(HeadFault)
    }

    private let maxFields: Int
    private var scanner: HeadScanner
    private var state = State.line

    init(limits: HeadLimits) {
        maxFields = limits.maxFields
        scanner = HeadScanner(maxBytes: limits.maxBytes)
    }

    var isIdle: Bool {
        if case .line = state { scanner.isIdle } else { false }
    }

    /// Returns nil when more bytes are needed.
    mutating func next(_ bytes: RawSpan, at offset: inout Int) throws(HeadFault) -> Head? {
        if case .refused(let fault) = state { throw fault }
        do throws(HeadFault) {
            return try advance(bytes, at: &offset)
        } catch {
            state = .refused(error)
            scanner.reset()
            throw error
        }
    }

    private mutating func advance(_ bytes: RawSpan, at offset: inout Int) throws(HeadFault) -> Head? {
        while true {
            switch scanner.next(bytes, at: &offset) {
            case .needMore: return nil
            case .fault(let fault): throw fault
            case .line(let range): try take(range)
            case .end: return try finish()
            }
        }
    }

    private mutating func take(_ range: Range<Int>) throws(HeadFault) {
        switch state {
        case .line:
            state = .fields(try Head.Line(scanner.bytes[range]), HeaderFields())
        case .fields(let line, var fields):
            guard fields.count < maxFields else { throw .tooManyFields }
            // Drops the state's copy, so that adding does not copy the fields.
            state = .line
            try fields.add(line: range, of: scanner.bytes)
            state = .fields(line, fields)
        case .refused:
            break
        }
    }

    private mutating func finish() throws(HeadFault) -> Head {
        guard case .fields(let line, var fields) = state else { throw .malformedRequestLine }
        fields.adopt(scanner.bytes)
        state = .line
        scanner.reset()
        return try Head(line: line, headers: fields)
    }
}
