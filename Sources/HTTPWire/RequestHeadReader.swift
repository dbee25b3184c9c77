/// What became of the bytes given to a `RequestHeadReader`.
package enum RequestHeadEvent: Sendable {
    /// All bytes are taken; the head is not whole.
    case needMore
    /// The head is whole; what follows it is from the offset on. The reader is ready for the next one.
    case head(RequestHead)
    /// Answer with this status and close. Whatever comes is refused in the same way.
    case refused(status: Int, reason: HeadFault)
}

/// Reads request heads by RFC 9112 from a stream of bytes, strictly, whatever the cuts.
///
/// Between heads it holds no memory; within one, at most `HeadLimits.maxBytes` and what the ranges of its lines take.
package struct RequestHeadReader: Sendable {
    private var reader: HeadReader<RequestHead>

    package init(limits: HeadLimits = HeadLimits()) { reader = HeadReader(limits: limits) }

    /// Whether no byte of a head has been seen since the last one: the connection is between requests.
    package var isIdle: Bool { reader.isIdle }

    /// Takes bytes from `offset` on and moves it past what it took, never past the end of a head.
    package mutating func next(_ bytes: RawSpan, at offset: inout Int) -> RequestHeadEvent {
        do throws(HeadFault) {
            return try reader.next(bytes, at: &offset).map(RequestHeadEvent.head) ?? .needMore
        } catch {
            return .refused(status: error.status, reason: error)
        }
    }
}
