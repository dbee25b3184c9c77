/// How a message becomes logs; the setting `split`.
package enum Split: Sendable, Equatable {
    /// A message is one log.
    case none
    /// Each line is one; a line of white space is none.
    case lines
    /// The message is a JSON array; each element is one.
    case array
    /// An array where the message begins as one; else lines, and within a line objects that follow each other.
    case auto
}
