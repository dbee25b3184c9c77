/// What became of the bytes given to a `ResponseHeadReader`.
package enum ResponseHeadEvent: Sendable {
    /// All bytes are taken; the head is not whole.
    case needMore
    /// The head is whole; the body, if any, is from the offset on. The reader is ready for the next one.
    case head(ResponseHead)
    /// This is not HTTP/1 as it should be: close. Sticky.
    case refused(HeadFault)
}

/// Reads response heads, as strictly as `RequestHeadReader` reads requests.
package struct ResponseHeadReader: Sendable {
    private var reader: HeadReader<ResponseHead>

    package init(limits: HeadLimits = HeadLimits()) { reader = HeadReader(limits: limits) }

    /// Takes bytes from `offset` on and moves it past what it took, never past the end of a head.
    package mutating func next(_ bytes: RawSpan, at offset: inout Int) -> ResponseHeadEvent {
        do throws(HeadFault) {
            return try reader.next(bytes, at: &offset).map(ResponseHeadEvent.head) ?? .needMore
        } catch {
            return .refused(error)
        }
    }
}
