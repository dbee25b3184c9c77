/// What the policy has to know about a JSON object; offsets in bytes from the start of the message.
package struct JSONObjectShape: Equatable, Sendable {
    /// Where its `{` is.
    package var open = 0
    package var isEmpty = false
    /// The value of the top-level member `timestamp`; of the last one if there are several, as most readers take it.
    package var timestamp: Range<Int>?
}
