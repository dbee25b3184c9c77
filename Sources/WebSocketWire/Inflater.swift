internal import CZlib

/// Inflates the messages of one connection (RFC 7692 section 7.2.2), piece by piece. Owned by one loop.
///
/// A message is any number of `inflate`, then `endMessage` until it needs no more room.
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
        /// Bytes of `tail` that are taken.
        case ending(Int)
        case broken
    }

    /// What the sender cut off each message: an empty block, which ends at a whole byte.
    private static let tail = UInt32(littleEndian: 0xFFFF_0000)

    private let windowBits: Int
    private let keepsContext: Bool
    private var stage = Stage.betweenMessages
    /// Whether everything taken is written, and ended a block and a byte.
    private var isAtBoundary = true
    /// Whether output was full, so that more may follow without input.
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
        // Where 8 was agreed, zlib before 1.2.9 sent what needs 9.
        self.windowBits = max(windowBits, 9)
        self.keepsContext = keepsContext
    }

    /// What zlib and the kept window hold now.
    package var memoryBytes: Int { window.count + (stream?.memoryBytes ?? 0) }

    /// Takes unmasked payload of the current message, or what is left of it.
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
        switch stage {
        case .broken: return .corrupt
        case .ending: preconditionFailure("the message has not ended yet")
        case .betweenMessages, .message: break
        }
        guard taken < input.count || mayHaveMore else { return .needInput }
        stage = .message
        return unsafe run(input, taken: &taken, into: output, produced: &produced)
    }

    /// After the message's last byte: as if 00 00 FF FF followed. After `needInput` the next message may begin.
    package func endMessage(into output: UnsafeMutableRawBufferPointer, produced: inout Int) -> Step {
        var taken = 0
        switch stage {
        case .broken: return .corrupt
        case .ending(let before): taken = before
        case .betweenMessages, .message:
            if mayHaveMore {
                let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
                let step = unsafe run(nothing, taken: &taken, into: output, produced: &produced)
                guard case .needInput = step else { return step }
            }
            // Nothing is open that the tail could close: zlib's flush says nothing at all for an empty message behind
            // another one, and some senders leave out the empty block behind a final one.
            if isAtBoundary { return endedMessage() }
        }
        let step = unsafe withUnsafeBytes(of: Self.tail) { tail in
            unsafe run(tail, taken: &taken, into: output, produced: &produced)
        }
        switch step {
        case .needInput: return isAtBoundary ? endedMessage() : fail()
        case .needRoom:
            stage = .ending(taken)
            return .needRoom
        case .corrupt: return .corrupt
        }
    }

    /// Gives zlib's state back and keeps no more than what the next message may refer to, which brings the state back.
    /// Within a message nothing happens.
    package func rest() {
        guard case .betweenMessages = stage, stream != nil else { return }
        if keepsContext { window = stream?.window() ?? [] }
        stream = nil
    }

    private func run(
        _ input: UnsafeRawBufferPointer,
        taken: inout Int,
        into output: UnsafeMutableRawBufferPointer,
        produced: inout Int
    ) -> Step {
        if stream == nil {
            stream = InflateStream(windowBits: windowBits, window: window)
            window = []
        }
        while true {
            let before = (taken, produced)
            switch unsafe stream?.inflate(input, taken: &taken, into: output, produced: &produced) {
            case Z_OK, Z_BUF_ERROR:
                // Without a byte in or out zlib stands where it stood, but no longer says that a block has ended.
                let hasMoved = before != (taken, produced)
                isAtBoundary = stream?.isAtBoundary == true || (isAtBoundary && !hasMoved)
            case Z_STREAM_END:
                // A final block ends no message (RFC 7692 section 7.2.3.5).
                stream?.resetKeepingWindow()
                isAtBoundary = true
            default: return fail()
            }
            mayHaveMore = produced == output.count && !(isAtBoundary && taken == input.count)
            if mayHaveMore { return .needRoom }
            if taken == input.count { return .needInput }
        }
    }

    private func endedMessage() -> Step {
        stage = .betweenMessages
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
