internal import CLinux
internal import Synchronization

/// Wakes a loop from any thread.
///
/// Coalesced: of many wake-ups between two looks of the loop only the first is a system call.
package final class Waker: Sendable {
    // -1 in a simulation, whose poller looks at the flag.
    private let event: Int32
    private let signalled = Atomic<Bool>(false)

    /// One on an eventfd.
    package init() throws(Errno) {
        event = cl_eventfd()
        if event < 0 { throw Errno.last }
    }

    /// One without a descriptor, for a poller that looks at `isSignalled`.
    package static func flagOnly() -> Waker { Waker(descriptor: -1) }

    private init(descriptor: Int32) { event = descriptor }

    deinit { if event >= 0 { close(event) } }

    /// The eventfd, for libraries that signal by writing 8 bytes (`rd_kafka_queue_io_event_enable`); non-blocking.
    package var descriptor: Int32 { event }

    /// Whether the loop has been woken and has not looked yet.
    package var isSignalled: Bool { signalled.load(ordering: .sequentiallyConsistent) }

    /// Makes the loop say `inbox`. Never blocks.
    package func wake() {
        guard !signalled.exchange(true, ordering: .sequentiallyConsistent) else { return }
        // A full counter is readable already, so a refused write loses nothing.
        if event >= 0 { eventfd_write(event, 1) }
    }

    /// Called by the loop before it looks into its inboxes.
    func acknowledge() {
        // In this order: a wake-up that came between a cleared flag and the read would be swallowed, with the flag
        // left set, and no later one would be heard.
        if event >= 0 {
            var count: eventfd_t = 0
            unsafe eventfd_read(event, &count)
        }
        signalled.store(false, ordering: .sequentiallyConsistent)
    }
}
