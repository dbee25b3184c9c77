/// What became of a message that was committed to a `LogWriter`.
package enum Admission: Equatable, Sendable {
    /// It is a record of an open batch.
    case accepted
    /// It was received and will not be relayed.
    case dropped(DropReason)
    /// A text message that is not UTF-8: its connection ends with 1007, and it does not count as received
    /// (RFC 6455 section 8.1).
    case invalidUTF8Text
}
