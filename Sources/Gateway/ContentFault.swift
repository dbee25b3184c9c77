import WebSocketWire

/// What ends a message, and its connection, for what is in it.
enum ContentFault: Error {
    /// Text that is not UTF-8.
    case notText
    /// Text that ends within a character.
    case cutCharacter
    /// What is said to be compressed is not.
    case corrupt
    /// Over `max_message`.
    case overMaxMessage
    /// Inflated to a hundred times `max_len`.
    case bomb

    var code: CloseCode {
        switch self {
        case .notText, .cutCharacter, .corrupt: .invalidPayload
        case .overMaxMessage, .bomb: .messageTooBig
        }
    }

    var reason: StaticString {
        switch self {
        case .notText: "a text message is not UTF-8"
        case .cutCharacter: "a text message ends within a character"
        case .corrupt: "a compressed message cannot be inflated"
        case .overMaxMessage: "the message is longer than max_message"
        case .bomb: "the message inflates to more than 100 times max_len"
        }
    }
}
