/// What a poller is asked to report, and what it reports: the bits of `epoll_ctl(2)`.
package struct Interest: OptionSet, Hashable, Sendable, BitwiseCopyable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// EPOLLIN: bytes, or the peer's FIN, can be read.
    package static let reading = Interest(rawValue: 0x001)
    /// EPOLLOUT: bytes can be written.
    package static let writing = Interest(rawValue: 0x004)
    /// EPOLLERR. Reported whether asked for or not.
    package static let error = Interest(rawValue: 0x008)
    /// EPOLLHUP: both directions are shut. Reported whether asked for or not.
    package static let hangUp = Interest(rawValue: 0x010)
    /// EPOLLRDHUP: the peer has sent FIN or RST. Spins when level-triggered and unread, so only with `once`.
    package static let peerEnd = Interest(rawValue: 0x2000)
    /// EPOLLEXCLUSIVE: of the loops that share a listener only some are woken.
    package static let exclusive = Interest(rawValue: 1 << 28)
    /// EPOLLONESHOT: one report, then silence, even for `error` and `hangUp`, until armed again.
    package static let once = Interest(rawValue: 1 << 30)

    /// For a connection that is not being read: its peer's end is heard once and costs no wake-ups after that.
    package static let paused: Interest = [.peerEnd, .once]

    /// Whether the stream is broken or wholly shut.
    package var isBroken: Bool { !isDisjoint(with: [.error, .hangUp]) }
}
