import LogPipeline
import Reactor
import WebSocketWire

// The messages of a connection under `sluice.v1`, while it is read.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Before a read.
    /// - Returns: false when nothing more is read of it for now.
    mutating func beginNumbering(_ guest: Guest, _ id: ConnectionID, _ state: inout ConnectionState) -> Bool {
        guard let session = guest.acks, state.phase == .open else { return true }
        guard case .held = session.tenure else { return false }
        guard session.numbering.unsaid.isEmpty else {
            yieldRoom(id, &state)
            pause(id, &state, .drops)
            return false
        }
        lend(session, id)
        return true
    }

    /// From here on messages are numbered.
    mutating func lend(_ session: AckSession, _ id: ConnectionID) {
        swap(&numbering, &session.numbering)
        isNumbering = true
        receiving = ReceiptKey(owner: id.owner, number: 0)
    }

    /// After a read.
    mutating func endNumbering(_ guest: Guest, _ id: ConnectionID, _ state: borrowing ConnectionState) {
        guard let session = guest.acks, isNumbering else { return }
        swap(&numbering, &session.numbering)
        isNumbering = false
        receiving = nil
        counters.resent += session.numbering.takeResent()
        if session.hasNews { list(id, session) }
        if state.phase == .ended { leaveSession(session, id) }
    }

    /// What the route says, and what `sluice.v1` has to say to that: nothing is echoed, and messages are counted.
    mutating func policy(of state: borrowing ConnectionState) -> RoutePolicy {
        var policy = policies[state.route]
        if isNumbering {
            policy.isNumbered = true
            policy.echoes = false
        }
        return policy
    }

    /// A whole message in the read buffer that is more than one plain log.
    /// - Returns: false when the connection is to be read no further.
    mutating func apart(
        _ source: UnsafeRawPointer,
        _ frame: DataFrame,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> Bool {
        if frame.isCompressed || policy.isSplit {
            guard unsafe streamed(source, StreamPiece(frame), policy, id, &state) else { return false }
        } else if isNumbering, numbering.isResent, !(unsafe isPing(source, frame)) {
            ledger.receivedOnly(route: state.route, bytes: frame.count)
        } else if let fault = unsafe message(source, frame, policy, id, &state) {
            fail(id, &state, fault.code, fault.reason)
            return false
        }
        return messageEnded(id)
    }

    /// A message is whole.
    /// - Returns: false when the connection is to be read no further: it has not read which of those before were dropped.
    mutating func messageEnded(_ id: ConnectionID) -> Bool {
        guard isNumbering else { return true }
        numbering.ended()
        guard numbering.unsaidBytes > 0 else { return true }
        isFullOfDrops = reactor.pendingOutput(id) + numbering.unsaidBytes >= Self.replyBound
        return !isFullOfDrops
    }

    /// The same for part of a message.
    mutating func apart(
        _ source: UnsafeRawPointer,
        _ piece: MessagePiece,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> Bool {
        if piece.isCompressed || policy.isSplit {
            guard unsafe streamed(source, StreamPiece(piece), policy, id, &state) else { return false }
        } else if let fault = unsafe self.piece(source, piece, policy, id, &state) {
            fail(id, &state, fault.code, fault.reason)
            return false
        }
        return piece.ends ? messageEnded(id) : true
    }

    /// The connection ends within a message that is too long: its client is told which one, so as not to send it
    /// again.
    mutating func sayLastDrop(_ id: ConnectionID, _ state: inout ConnectionState) {
        guard isNumbering, numbering.hasDropped, state.phase == .open, let guest = state.guest,
            let session = guest.acks
        else { return }
        numbering.ended()
        endNumbering(guest, id, state)
        say(id, session, &state)
    }
}
