internal import CLinux

/// Linux's epoll, with an eventfd as its waker and a timerfd for deadlines.
@safe package struct EpollPoller: Poller, ~Copyable {
    /// How many events one `wait` brings at most; those left over come first in the next.
    static let capacity = 256

    package let waker: Waker
    private let isPrecise: Bool
    private var alarm: Alarm
    private let epoll: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    var reserve: Int32

    /// - Parameter isPrecise: whether `wait` ends within microseconds of its deadline, at the cost of a timer for each.
    package init(isPrecise: Bool = false) throws(Errno) {
        let waker = try Waker()
        let alarm = try Alarm()
        let epoll = try Self.watch(waker, alarm)
        if isPrecise { cl_precise_sleeps() }
        self.isPrecise = isPrecise
        self.waker = waker
        self.alarm = alarm
        self.epoll = epoll
        unsafe events = .allocate(capacity: Self.capacity)
        unsafe events.initialize(repeating: epoll_event(), count: Self.capacity)
        reserve = cl_reserve()
    }

    private static func watch(_ waker: Waker, _ alarm: borrowing Alarm) throws(Errno) -> Int32 {
        let epoll = cl_epoll_create()
        guard epoll >= 0 else { throw Errno.last }
        if cl_epoll_add(epoll, waker.descriptor, Interest.reading.rawValue, Self.wakeToken) != 0
            || cl_epoll_add(epoll, alarm.descriptor, Alarm.interest, Self.sleepToken) != 0
        {
            let error = Errno.last
            close(epoll)
            throw error
        }
        return epoll
    }

    deinit {
        unsafe events.deallocate()
        if reserve >= 0 { close(reserve) }
        close(epoll)
    }

    package func monotonicNow() -> UInt64 { cl_monotonic() }

    package mutating func add(_ descriptor: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
        if cl_epoll_add(epoll, descriptor, interest.rawValue, token) != 0 { throw Errno.last }
    }

    package mutating func modify(_ descriptor: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
        if cl_epoll_modify(epoll, descriptor, interest.rawValue, token) != 0 { throw Errno.last }
    }

    package mutating func remove(_ descriptor: Int32) { cl_epoll_remove(epoll, descriptor) }

    package mutating func wait(until deadline: UInt64, from now: UInt64) -> Int {
        if isPrecise, deadline != .max {
            let left = deadline - min(deadline, now)
            return max(0, Int(unsafe cl_epoll_wait_precise(epoll, events, Int32(Self.capacity), left)))
        }
        if deadline > now { alarm.set(for: deadline, now: now) }
        // A negative count is EINTR: a tick without events, after which the remaining time is asked for again.
        return max(0, Int(unsafe epoll_wait(epoll, events, Int32(Self.capacity), deadline > now ? -1 : 0)))
    }

    package mutating func sleepEnded() { alarm.rang() }

    package func event(at index: Int) -> ReadyEvent {
        unsafe ReadyEvent(
            token: cl_event_token(events, Int32(index)),
            readiness: Interest(rawValue: cl_event_mask(events, Int32(index)))
        )
    }
}
