/// Messages from other threads to the owner of a loop.
///
/// Each poster's order is kept. The loop takes the whole queue when it says `inbox`; what is posted while it works
/// on that waits for the next tick, so that posting cannot starve the sockets.
package final class Inbox<Message: Sendable>: Sendable {
    private struct Queue: Sendable {
        var messages: [Message] = []
        var isClosed = false
    }

    private let queue = Locked(Queue())
    private let waker: Waker

    package init(waker: Waker) { self.waker = waker }

    /// From any thread; does not block beyond the moment of another's append.
    /// - Returns: false when the inbox is closed: the message was dropped.
    @discardableResult package func post(_ message: consuming sending Message) -> Bool {
        let message = message
        let isOpen = queue.withLock { queue in
            if !queue.isClosed { queue.messages.append(message) }
            return !queue.isClosed
        }
        if isOpen { waker.wake() }
        return isOpen
    }

    /// Everything posted so far, in order. For the loop's thread.
    package func take() -> [Message] {
        queue.withLock { queue in
            var taken: [Message] = []
            swap(&taken, &queue.messages)
            return taken
        }
    }

    /// The same, leaving the storage of `messages` behind for what comes next: no allocation in a steady state.
    package func take(into messages: inout [Message]) {
        messages.removeAll(keepingCapacity: true)
        queue.withLock { swap(&messages, &$0.messages) }
    }

    /// Drops what is left and everything to come. The loop calls it when it ends, so that nobody waits for an answer
    /// to a message that nobody will read.
    package func close() {
        // Dropped outside of the lock: a message's deinit may be anybody's code.
        let left = queue.withLock { queue in
            queue.isClosed = true
            var left: [Message] = []
            swap(&left, &queue.messages)
            return left
        }
        _ = consume left
    }
}
