/// The loop ended before it answered.
package struct LoopEnded: Error, Equatable, CustomStringConvertible {
    package init() {}

    package var description: String { "the event loop ended before it answered" }
}

/// The answer that somebody awaits of a loop: sent in a message, resumed by the loop, once.
///
/// A reply that is dropped unanswered, with its message or with the inbox, throws `LoopEnded` to who awaits it.
package final class AsyncReply<Value: Sendable>: Sendable {
    private let continuation: Locked<CheckedContinuation<Value, any Error>?>

    private init(_ continuation: CheckedContinuation<Value, any Error>) {
        self.continuation = Locked(continuation)
    }

    deinit { continuation.withLock { $0.take() }?.resume(throwing: LoopEnded()) }

    /// Answers. A second answer is ignored.
    package func resume(_ value: Value) {
        continuation.withLock { $0.take() }?.resume(returning: value)
    }

    /// Sends a message that carries a reply, and waits for the answer.
    /// - Throws: `LoopEnded`.
    package static func await<Message: Sendable>(
        from inbox: Inbox<Message>,
        _ message: (AsyncReply<Value>) -> Message
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            inbox.post(message(AsyncReply(continuation)))
        }
    }
}
