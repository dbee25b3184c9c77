internal import CZlib

/// Inflates the messages of one connection (RFC 7692 section 7.2.2), piece by piece. Owned by one loop.
///
/// A message is any number of `inflate` and then `endMessage` or `inflateLast`, each until it needs no more room.
package final class Inflater {
    package enum Step: Sendable {
        /// All input is taken, and all that it says is written.
        case needInput
        /// The output is full: call again with more room.
        case needRoom
        /// Not deflate, or a reference to before the window: the connection fails with 1007. Said again ever after.
        case corrupt
    }

    private enum Stage {
        case betweenMessages
        case message
        /// Within `endMessage`, with this many bytes of the tail taken.
        case ending(Int)
        case broken
    }

    /// Bytes behind the input of `inflateLast` that it overwrites.
    package static let tailCount = 4

    /// What the sender cut off each message, 00 00 FF FF: the rest of an empty block that ends at a whole byte.
    private static let tail = UInt32(littleEndian: 0xFFFF_0000)

    private let windowBits: Int
    private let keepsContext: Bool
    private var stage = Stage.betweenMessages
    /// Whether anything was taken since the message began, or since a final block. If not, nothing is open that the
    /// tail would close: zlib's flush says nothing for an empty message that follows another one, and some senders
    /// leave out the empty block that RFC 7692 wants behind a final one (section 7.2.3.4).
    private var needsTail = false
    /// Whether the output was full, so that more may come without input.
    private var mayHaveMore = false
    /// Nil at rest.
    private var stream: InflateStream?
    /// Kept at rest.
    private var window: [UInt8] = []

    /// - Parameters:
    ///   - windowBits: 8 to 15, as agreed.
    ///   - keepsContext: Whether a message may refer to those before it.
    package init(windowBits: Int, keepsContext: Bool) {
        precondition((8...15).contains(windowBits), "a window of \(windowBits) bits")
        self.windowBits = windowBits
        self.keepsContext = keepsContext
    }

    /// What zlib and the kept window hold now.
    package var memoryBytes: Int { window.count + (stream?.memoryBytes ?? 0) }

    /// Takes unmasked payload of the current message.
    ///
    /// - Parameters:
    ///   - taken: Bytes of `input` that are taken already; moved.
    ///   - produced: Bytes of `output` that are written already; moved.
    package func inflate(
        _ input: UnsafeRawBufferPointer,
        taken: inout Int,
        into output: UnsafeMutableRawBufferPointer,
        produced: inout Int
    ) -> Step {
        guard beginStep() else { return .corrupt }
        guard taken < input.count || mayHaveMore else { return .needInput }
        return unsafe run(input, behind: 0, taken: &taken, into: output, produced: &produced)
    }

    /// Takes the message's last payload: `inflate` and `endMessage` in one, which is a tenth cheaper.
    ///
    /// - Parameters:
    ///   - input: With `tailCount` bytes of room behind it, which are overwritten.
    ///   - taken: Bytes that are taken already, and in the end some behind `input`; moved.
    ///   - produced: Bytes of `output` that are written already; moved.
    /// - Returns: `needInput` when the message is over and the next one may begin.
    package func inflateLast(
        _ input: UnsafeMutableRawBufferPointer,
        taken: inout Int,
        into output: UnsafeMutableRawBufferPointer,
        produced: inout Int
    ) -> Step {
        guard beginStep() else { return .corrupt }
        let isOpen = taken < input.count || mayHaveMore || needsTail
        guard isOpen, let start = input.baseAddress else { return endedMessage() }
        unsafe start.storeBytes(of: Self.tail, toByteOffset: input.count, as: UInt32.self)
        let whole = unsafe UnsafeRawBufferPointer(start: start, count: input.count &+ Self.tailCount)
        let step = unsafe run(whole, behind: Self.tailCount, taken: &taken, into: output, produced: &produced)
        guard case .needInput = step else { return step }
        return endedMessage()
    }

    /// After the message's last byte: as if 00 00 FF FF followed. After `needInput` the next message may begin.
    package func endMessage(into output: UnsafeMutableRawBufferPointer, produced: inout Int) -> Step {
        var taken = 0
        if case .ending(let before) = stage {
            taken = before
            stage = .message
        }
        var room: UInt32 = 0
        let step = unsafe withUnsafeMutableBytes(of: &room) { room in
            let nothing = unsafe UnsafeMutableRawBufferPointer(start: room.baseAddress, count: 0)
            return unsafe inflateLast(nothing, taken: &taken, into: output, produced: &produced)
        }
        if case .needRoom = step { stage = .ending(taken) }
        return step
    }

    /// Gives zlib's state back and keeps no more than what the next message may refer to, which brings the state back.
    /// Within a message nothing happens.
    package func rest() {
        guard case .betweenMessages = stage, stream != nil else { return }
        if keepsContext { window = stream?.window() ?? [] }
        stream = nil
    }

    /// - Returns: whether there is anything to hope for.
    private func beginStep() -> Bool {
        switch stage {
        case .betweenMessages, .message:
            stage = .message
            return true
        case .ending: preconditionFailure("the message before has not ended")
        case .broken: return false
        }
    }

    /// - Parameter behind: Bytes at the end of `input` that are the tail.
    private func run(
        _ input: UnsafeRawBufferPointer,
        behind: Int,
        taken: inout Int,
        into output: UnsafeMutableRawBufferPointer,
        produced: inout Int
    ) -> Step {
        wake()
        while true {
            let before = taken
            switch unsafe stream?.inflate(input, taken: &taken, into: output, produced: &produced) {
            case Z_OK, Z_BUF_ERROR:
                if taken > before { needsTail = true }
                if taken == input.count, behind > 0 {
                    // A tail that closes its block leaves nothing to write, not even to a full output.
                    return stream?.isAtBoundary == true ? .needInput : fail()
                }
                mayHaveMore = produced == output.count
                if mayHaveMore { return .needRoom }
                if taken == input.count { return .needInput }
            case Z_STREAM_END:
                // A final block ends no message (RFC 7692 section 7.2.3.5), and leaves nothing to write.
                stream?.resetKeepingWindow()
                needsTail = false
                mayHaveMore = false
                if taken == input.count || taken == input.count &- behind { return .needInput }
            default: return fail()
            }
        }
    }

    private func wake() {
        guard stream == nil else { return }
        stream = InflateStream(windowBits: windowBits, window: window)
        window = []
    }

    private func endedMessage() -> Step {
        stage = .betweenMessages
        needsTail = false
        mayHaveMore = false
        if !keepsContext { stream?.reset() }
        return .needInput
    }

    private func fail() -> Step {
        stage = .broken
        stream = nil
        window = []
        return .corrupt
    }
}
