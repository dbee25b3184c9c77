/// What a connection is doing, and what follows from what happens to it. A pure value: no descriptor, no bytes.
///
///     connecting ─> open ─> flushing ─> draining ─> (ended)
///                     └──────────────────^
///
/// `flushing`: the owner has closed, and its last bytes are on their way; nothing more may be queued. `draining`: FIN
/// is sent, what the peer still sends is thrown away, since closing with unread input would make the kernel reset
/// the connection and destroy what the peer has not read yet (RFC 1122 4.2.2.13). TLS says its close_notify as the
/// last of what is flushed.
struct ConnectionState: BitwiseCopyable, Equatable {
    enum Phase: UInt8, BitwiseCopyable {
        case connecting
        case open
        case flushing
        case draining
    }

    /// What has become known about a connection.
    struct Facts: OptionSet, BitwiseCopyable {
        let rawValue: UInt16

        /// The peer's FIN has been read: nothing comes any more.
        static let readEnded = Facts(rawValue: 1 << 0)
        /// The owner wants no input now.
        static let paused = Facts(rawValue: 1 << 1)
        /// The one-shot of a paused connection has reported the peer's end.
        static let peerGone = Facts(rawValue: 1 << 2)
        /// Nothing that is written arrives.
        static let outputDead = Facts(rawValue: 1 << 3)
        /// Bytes are queued.
        static let hasOutput = Facts(rawValue: 1 << 4)
        /// The queue has been over the high mark.
        static let congested = Facts(rawValue: 1 << 5)
        /// The reset has been counted.
        static let resetSeen = Facts(rawValue: 1 << 6)
        /// Bytes go through a `StreamLayer`.
        static let layered = Facts(rawValue: 1 << 7)
        /// Waits for its turn to go on with the handshake, and is not read meanwhile.
        static let queued = Facts(rawValue: 1 << 8)
        /// Closing because of TLS.
        static let tlsFailed = Facts(rawValue: 1 << 9)
        /// The owner wants to know when nothing is queued any more.
        static let drainAwaited = Facts(rawValue: 1 << 10)
    }

    /// What the loop has to do about an event.
    struct Actions: OptionSet {
        let rawValue: UInt8

        static let read = Actions(rawValue: 1 << 0)
        static let flush = Actions(rawValue: 1 << 1)
        static let discard = Actions(rawValue: 1 << 2)
        static let finishConnect = Actions(rawValue: 1 << 3)
        static let dropOutput = Actions(rawValue: 1 << 4)
        static let end = Actions(rawValue: 1 << 5)
    }

    /// How closing goes on.
    enum Step: Equatable {
        case wait
        /// Send FIN, then go on draining.
        case shutdownWrite
        /// Send FIN, and that is all: the peer's has been read.
        case shutdownAndEnd
        case end
    }

    var phase = Phase.open
    var facts = Facts()
    /// What the poller was last told; nothing once a one-shot has fired.
    var armed = Interest()
    /// The errno that ended sending, or 0.
    var sendError: Int32 = 0

    var isClosing: Bool { phase == .flushing || phase == .draining }
    private var hasOutput: Bool { facts.contains(.hasOutput) }
    private var rests: Bool { !facts.isDisjoint(with: [.paused, .queued]) }

    /// What the poller should report now; nil leaves it as it is, since a fired one-shot must stay silent.
    var wanted: Interest? {
        let output: Interest = hasOutput ? .writing : []
        switch phase {
        case .connecting: return .writing
        case .flushing, .draining: return facts.contains(.readEnded) ? output : output.union(.reading)
        case .open: break
        }
        if facts.contains(.readEnded) { return output }
        if !rests { return output.union(.reading) }
        if facts.contains(.peerGone) {
            if hasOutput { return [.writing, .once] }
            // Read again and paused again since: the poller still reports the peer's end, as it always does, until a
            // one-shot has fired.
            return armed.isEmpty ? nil : .paused
        }
        return output.union(.paused)
    }

    /// What an event of the poller means now: the connection may have changed since it was polled.
    mutating func ready(_ readiness: Interest) -> Actions {
        let wasOneShot = armed.contains(.once)
        if wasOneShot { armed = [] }
        switch phase {
        case .connecting: return .finishConnect
        case .open: return readyWhileOpen(readiness, wasOneShot: wasOneShot)
        case .flushing, .draining: break
        }
        var actions: Actions = []
        if facts.contains(.readEnded) {
            if readiness.isBroken, phase == .draining { return .end }
        } else if readiness.contains(.reading) || readiness.isBroken {
            actions.insert(.discard)
        }
        if phase == .flushing, readiness.contains(.writing) || readiness.isBroken { actions.insert(.flush) }
        return actions
    }

    private mutating func readyWhileOpen(_ readiness: Interest, wasOneShot: Bool) -> Actions {
        let broken = readiness.isBroken
        if facts.contains(.readEnded) {
            if broken { return .end }
            return readiness.contains(.writing) ? .flush : []
        }
        if rests {
            // Without the one-shot the event is older than the pause: the mask that will be armed reports it again.
            if wasOneShot, broken {
                facts.formUnion([.peerGone, .outputDead])
                return .dropOutput
            }
            if wasOneShot, readiness.contains(.peerEnd) { facts.insert(.peerGone) }
            return readiness.contains(.writing) ? .flush : []
        }
        // recv is the only judge of an error: what came before it is still there to be read.
        var actions: Actions = readiness.contains(.reading) || broken ? .read : []
        if readiness.contains(.writing) { actions.insert(.flush) }
        return actions
    }

    /// The owner closes.
    mutating func beginClosing() -> Step {
        guard phase == .open else { return phase == .connecting ? .end : .wait }
        facts.subtract([.paused, .queued])
        if facts.contains(.outputDead) { return .end }
        phase = .flushing
        return hasOutput ? .wait : outputFlushed()
    }

    /// The queue is empty.
    mutating func outputFlushed() -> Step {
        guard phase == .flushing else { return .wait }
        if facts.contains(.readEnded) { return .shutdownAndEnd }
        phase = .draining
        return .shutdownWrite
    }

    /// The peer's FIN was read.
    mutating func inputEnded() -> Step {
        facts.insert(.readEnded)
        return phase == .draining ? .end : .wait
    }

    /// Writing failed. Reading goes on: what the peer sent before it went is still there.
    mutating func outputFailed(_ error: Errno) -> Step {
        facts.insert(.outputDead)
        facts.remove(.hasOutput)
        sendError = error.code
        return isClosing ? .end : .wait
    }

    /// Why a connection ends when nothing more specific is known.
    var cause: CloseCause {
        if sendError != 0 { return CloseCause(Errno(code: sendError)) }
        return isClosing ? .finished : .peerClosed
    }
}
