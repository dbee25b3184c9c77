/// What `LogPolicy` says about a message.
package enum Judgement: Equatable, Sendable {
    /// Goes as it is.
    /// - Parameter timestamp: where its `timestamp` has its value, if it is an object that has one.
    case relay(timestamp: Range<Int>?)
    /// An object without `timestamp`: one is put behind its `{`.
    case addTimestamp(open: Int, isEmpty: Bool)
    /// Text that is no JSON object: it becomes the `message` of one.
    /// - Parameter growth: bytes that escaping adds.
    case wrap(growth: Int)
    case drop(DropReason)
    /// A text message that is not UTF-8: its connection ends with 1007.
    case invalidUTF8Text
}
