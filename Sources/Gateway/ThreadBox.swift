import Reactor
import Synchronization

/// A thread in a place where only copyable values can be.
final class ThreadBox: Sendable {
    private let thread: Mutex<LoopThread?>

    init(name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) {
        thread = Mutex(try LoopThread.start(name: name, body))
    }

    /// Waits until the thread has ended; a second call returns at once.
    func join() {
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
    }
}
