/// What a loop asks of the kernel besides moving bytes: readiness, time, new connections.
///
/// The seam that the simulation replaces. Level-triggered; a descriptor leaves by being closed.
package protocol Poller: ~Copyable {
    /// How this kernel names a stream that nobody owns yet.
    associatedtype Endpoint: ReactorEndpoint

    /// Monotonic nanoseconds.
    func monotonicNow() -> UInt64

    /// Wakes `wait` from any thread; reported with `wakeToken`.
    var waker: Waker { get }

    mutating func add(_ descriptor: Int32, _ interest: Interest, token: UInt64) throws(Errno)
    mutating func modify(_ descriptor: Int32, _ interest: Interest, token: UInt64) throws(Errno)
    /// Only for descriptors that live on: listeners.
    mutating func remove(_ descriptor: Int32)

    /// Sleeps until something is ready or the time has come. May return early and with nothing.
    ///
    /// - Parameters:
    ///   - deadline: monotonic nanoseconds; the past means not to sleep, `UInt64.max` for ever.
    ///   - now: what `monotonicNow` has just said.
    /// - Returns: how many events `event(at:)` has.
    mutating func wait(until deadline: UInt64, from now: UInt64) -> Int

    /// The event with `sleepToken` has come, by which a poller may end its own sleeps.
    mutating func sleepEnded()

    /// One of the events of the last `wait`.
    func event(at index: Int) -> ReadyEvent

    /// Takes one connection from a listener's queue.
    mutating func accept(from listener: Int32) -> AcceptResult<Endpoint>

    /// Gives up a descriptor held in reserve, accepts and closes what waits with it, takes it back.
    /// - Returns: how many clients got a close for an answer.
    mutating func shed(from listener: Int32, atMost limit: Int) -> Int

    /// Starts connecting; writability says that it is decided.
    mutating func connect(to address: SocketAddress, from source: SocketAddress?) throws(Errno) -> Endpoint
}

extension Poller where Self: ~Copyable {
    /// Of the waker. Generation 0 belongs to no connection.
    package static var wakeToken: UInt64 { 0 }
    /// No listener has so high a place.
    package static var sleepToken: UInt64 { UInt64(UInt32.max) }

    package mutating func sleepEnded() {}
}

/// One event of a poll.
package struct ReadyEvent: BitwiseCopyable, Sendable {
    package let token: UInt64
    package let readiness: Interest

    package init(token: UInt64, readiness: Interest) {
        self.token = token
        self.readiness = readiness
    }
}

/// What became of one attempt to accept.
package enum AcceptResult<Endpoint: Sendable>: Sendable {
    case accepted(Endpoint)
    /// The queue is empty.
    case wouldBlock
    /// This one connection is gone (ECONNABORTED and the network's errors, accept(2)): the next may be well.
    case skipped(Errno)
    /// Descriptors or memory have run out (EMFILE, ENFILE, ENOBUFS, ENOMEM), or the listener itself is broken.
    case exhausted(Errno)
}
