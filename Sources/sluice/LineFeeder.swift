import Dispatch
import Foundation
import Reactor

/// Reads lines of standard input on a thread of its own, so that a quiet pipe does not keep the connection from
/// answering pings; runs ahead of the connection by a bounded number of lines.
final class LineFeeder: Sendable {
    enum Item: Sendable {
        case text(String)
        case end
    }

    private let inbox: Inbox<Item>
    // Not made with its bound: a semaphore that goes away below the value it was made with traps.
    private let room = DispatchSemaphore(value: 0)

    /// Lines that may have been read and not been sent.
    private static let bound = 10_000

    init(waker: Waker) {
        inbox = Inbox(waker: waker)
        for _ in 0..<Self.bound { room.signal() }
    }

    func start(_ texts: [String]) {
        if !texts.isEmpty {
            for text in texts { inbox.post(.text(text)) }
            inbox.post(.end)
            return
        }
        Thread.detachNewThread { [self] in
            while let line = readLine(strippingNewline: true) {
                room.wait()
                inbox.post(.text(line))
            }
            inbox.post(.end)
        }
    }

    /// What has been read since the last call.
    func take() -> [Item] { inbox.take() }

    /// One line is on its way: another may be read.
    func sent() { room.signal() }
}
