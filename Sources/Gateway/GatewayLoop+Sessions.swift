import Admission
import LogPipeline
import Reactor
import WebSocketWire

// Sessions of `sluice.v1`: who has which, and what becomes of one whose connection is gone.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// What a connection is to have that asks for acknowledgements.
    func session(_ request: ResumeRequest, route: Int, _ guest: Guest?) -> AckSession {
        let isSplit = policies[route].isSplit
        // Not the version: a route that has changed has its sessions still, but for one whose messages are counted
        // otherwise.
        let place = routeLabels[route] * 2 + (isSplit ? 1 : 0)
        let key = request.session.map { SessionKey(identity: guest?.identity?.name, route: place, name: $0) }
        return AckSession(isSplit: isSplit, first: request.from, key: key)
    }

    /// Takes the session for a connection, or has it wait for it.
    /// - Returns: false when there is no room for another one.
    mutating func take(_ session: AckSession, _ id: ConnectionID) -> Bool {
        guard let key = session.key else { return true }
        switch shared.sessions.enter(key, seat(id), at: reactor.now) {
        case .begins(let memory): session.begin(memory)
        case .waits: break
        case .full: return false
        }
        return true
    }

    private func seat(_ id: ConnectionID) -> SessionSeat { SessionSeat(loop: index, owner: id.owner) }

    /// Whether the bytes behind a handshake may be read as frames.
    mutating func mayGoOn(
        _ bytes: RawSpan,
        _ offset: Int,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> Bool {
        guard state.pause == .session else { return true }
        // RFC 6455 section 4.1: nothing before the handshake's answer. Where the session is there at once it is let
        // pass; here it would have to be kept.
        if offset < bytes.byteCount {
            fail(id, &state, .protocolError, "a message came before the answer to the handshake")
        }
        return false
    }

    /// The session of a connection is its own now.
    mutating func sessionGiven(_ id: ConnectionID, _ key: SessionKey, _ memory: SessionMemory) {
        guard let connection = connection(id), let session = connection.state.guest?.acks,
            case .waiting = session.tenure
        else { return shared.sessions.leave(key, seat(id), memory, at: reactor.now) }
        session.begin(memory)
        switch connection.state.pause {
        case .session: resume(id)
        case .leaving: list(id, session)
        case .none, .topic, .partial, .rate, .drops: break
        }
    }

    /// Somebody else has come for it: one client, which does not know yet that this connection is dead.
    mutating func sessionTaken(_ id: ConnectionID) {
        guard let connection = connection(id), connection.state.phase == .open else { return }
        sendClose(id, code: .policyViolation, reason: "session taken over")
        finish(id, &connection.state)
    }

    /// Nothing more will be received of this connection.
    mutating func leaveSession(_ session: AckSession, _ id: ConnectionID) {
        let tenure = session.tenure
        session.tenure = .over
        guard let key = session.key else { return }
        switch tenure {
        case .over: break
        case .waiting: shared.sessions.giveUp(key, seat(id))
        case .held:
            orphans[id.owner] = session
            letGoAtRest(session, id)
        }
    }

    /// Logs of a connection that is gone have their verdicts.
    mutating func orphanSettled(_ receipt: Receipt) {
        guard !orphans.isEmpty, let session = orphans[receipt.owner] else { return }
        settled(receipt, session, ConnectionID(owner: receipt.owner))
    }

    /// A session is let go when its connection is gone and nothing of it is in flight.
    mutating func letGoAtRest(_ session: AckSession, _ id: ConnectionID) {
        guard session.numbering.isAtRest, let key = session.key, let memory = session.numbering.memory,
            orphans.removeValue(forKey: id.owner) != nil
        else { return }
        shared.sessions.leave(key, seat(id), memory, at: reactor.now)
    }

    /// Whether the next log of the message that is being read was received before.
    ///
    /// - Parameters:
    ///   - bytes: to be counted as received.
    ///   - size: of the log.
    mutating func passes(_ bytes: Int, size: Int, route: Int) -> Bool {
        guard isNumbering, numbering.passes(size: size) else { return false }
        ledger.receivedOnly(route: route, bytes: bytes)
        return true
    }
}
