internal import WebSocketWire

/// How logs become messages and messages frames.
struct MessageForm: Equatable, Sendable {
    var joining = Profile.Joining.single
    var isBinary = false
    /// Payload bytes of a frame; nil for one frame a message.
    var fragment: Int?
    /// The mask of every frame; nil for a new one each time.
    var mask: UInt32?

    var opcode: Opcode { isBinary ? .binary : .text }
}

extension MessageForm {
    init(_ arguments: Arguments) {
        self.init(
            joining: arguments.profile.joining,
            isBinary: arguments.profile.isBinary,
            fragment: arguments.fragment,
            mask: arguments.profile.mask
        )
    }
}
