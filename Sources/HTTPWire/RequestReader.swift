/// What became of the bytes given to a `RequestReader`.
package enum RequestEvent: Sendable {
    /// All bytes are taken; the request goes on, or none has begun.
    case needMore
    /// A request has begun. The limits of its body may be set now.
    case head(RequestHead)
    /// A piece of its body, without the framing: this range of the bytes given, never empty.
    case body(Range<Int>)
    /// The request is whole. The next one, which the client need not have waited with, begins at the offset.
    case end
    /// Answer with the fault's status and close. Sticky.
    case refused(RequestFault)
}

/// Why a request was refused.
package enum RequestFault: Error, Equatable, Sendable, CustomStringConvertible {
    case head(HeadFault)
    case body(BodyFault)

    package var status: Int {
        switch self {
        case .head(let fault): fault.status
        case .body(let fault): fault.status
        }
    }

    package var description: String {
        switch self {
        case .head(let fault): fault.description
        case .body(let fault): fault.description
        }
    }
}

/// Reads one request after the other from a connection that is kept alive, heads and bodies, whatever the cuts.
package struct RequestReader: Sendable {
    private var heads: RequestHeadReader
    private var body: BodyReader?
    /// Of a request whose body has not been looked at.
    private var announced: BodyLength?

    /// For the body of the request whose head came last, and of those that follow.
    package var bodyLimits: BodyLimits

    package init(limits: HeadLimits = HeadLimits(), bodyLimits: BodyLimits) {
        heads = RequestHeadReader(limits: limits)
        self.bodyLimits = bodyLimits
    }

    /// Whether no byte of a request has been seen since the last one.
    package var isIdle: Bool { body == nil && announced == nil && heads.isIdle }

    /// Takes bytes from `offset` on and moves it past what it took, never past the end of a request.
    package mutating func next(_ bytes: RawSpan, at offset: inout Int) -> RequestEvent {
        if let length = announced {
            announced = nil
            body = BodyReader(length, limits: bodyLimits)
        }
        guard let event = body?.next(bytes, at: &offset) else { return nextHead(bytes, at: &offset) }
        switch event {
        case .needMore: return .needMore
        case .piece(let range): return .body(range)
        case .end:
            body = nil
            return .end
        case .refused(_, let reason): return .refused(.body(reason))
        }
    }

    private mutating func nextHead(_ bytes: RawSpan, at offset: inout Int) -> RequestEvent {
        switch heads.next(bytes, at: &offset) {
        case .needMore: return .needMore
        case .head(let head):
            announced = head.bodyLength
            return .head(head)
        case .refused(_, let reason): return .refused(.head(reason))
        }
    }
}
