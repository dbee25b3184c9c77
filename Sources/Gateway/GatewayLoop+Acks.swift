import LogPipeline
import Reactor
import WebSocketWire

// What a client under `sluice.v1` is told: drops, acks, pauses. Once a tick, and never more than it reads.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// It speaks at the end of the tick.
    mutating func list(_ id: ConnectionID, _ session: AckSession) {
        guard !session.isListed else { return }
        session.isListed = true
        speaking.append(id)
    }

    mutating func speak() {
        var index = 0
        // Whoever is read again meanwhile is listed again, behind the others.
        while index < speaking.count {
            let id = speaking[index]
            index += 1
            guard let connection = connection(id), let session = connection.state.guest?.acks else { continue }
            session.isListed = false
            speak(connection, session)
        }
        if index > 0 { speaking.removeAll(keepingCapacity: true) }
    }

    private mutating func speak(_ connection: Connection, _ session: AckSession) {
        let id = connection.id
        guard connection.state.phase == .open else { return }
        // What is queued may be sent at once: then nobody would call again.
        while say(id, session, &connection.state), !reactor.notifyWhenDrained(id) {}
        switch connection.state.pause {
        case .drops where session.numbering.unsaid.isEmpty: resume(id)
        case .leaving where session.isDone: leave(id, &connection.state)
        default: break
        }
    }

    /// Says what there is room for: drops before the ack that covers them.
    /// - Returns: whether there is more to say once the client has read.
    @discardableResult
    mutating func say(_ id: ConnectionID, _ session: AckSession, _ state: inout ConnectionState) -> Bool {
        let pending = reactor.pendingOutput(id)
        if pending == 0 { session.hasSpoken = false }
        scratch.removeAll(keepingCapacity: true)
        var drops = 0
        while drops < session.numbering.unsaid.count, pending + scratch.count < Self.replyBound {
            notice.write(session.numbering.unsaid[drops])
            notice.append(to: &scratch)
            drops += 1
        }
        session.numbering.said(drops)
        if !session.hasSpoken, session.numbering.unsaid.isEmpty { sayLatest(session, state) }
        if !scratch.isEmpty { sendScratch(id, &state) }
        return session.hasNews || session.wantsPause(isPaused: isPaused(state), now: reactor.now)
    }

    private mutating func sayLatest(_ session: AckSession, _ state: borrowing ConnectionState) {
        if let number = session.nextAck() {
            notice.write(ack: number)
            notice.append(to: &scratch)
            counters.acksSent += 1
            session.hasSpoken = true
        }
        if session.wantsPause(isPaused: isPaused(state), now: reactor.now) {
            notice.write(pause: session.tellPause())
            notice.append(to: &scratch)
            session.hasSpoken = true
        }
    }

    /// Whether its not being read is worth a word: who is about to go, or would have to read first, is told nothing.
    private func isPaused(_ state: borrowing ConnectionState) -> Bool {
        switch state.pause {
        case .none, .drops, .leaving: false
        case .topic, .partial, .rate, .session: true
        }
    }

    /// A connection is read no more for now.
    mutating func watchPause(_ id: ConnectionID, _ session: AckSession) {
        session.pausedAt = reactor.now
        guard !session.isWatched else { return }
        session.isWatched = true
        watched.insert(id, at: reactor.now &+ AckSession.leastPause)
        reactor.setTimer(.pauses, at: watched.next)
    }

    /// Tells those that are still not read.
    mutating func sayPauses() {
        while let id = watched.pop(at: reactor.now) {
            guard let connection = connection(id), let session = connection.state.guest?.acks else { continue }
            session.isWatched = false
            guard isPaused(connection.state) else { continue }
            if session.pausedAt &+ AckSession.leastPause > reactor.now {
                session.isWatched = true
                watched.insert(id, at: session.pausedAt &+ AckSession.leastPause)
            } else {
                list(id, session)
            }
        }
        reactor.setTimer(.pauses, at: watched.next)
    }

    /// Logs of a numbered connection have their verdicts.
    mutating func settled(_ receipt: Receipt, _ session: AckSession, _ id: ConnectionID) {
        session.numbering.settled(receipt)
        if case .over = session.tenure { return letGoAtRest(session, id) }
        if session.hasNews { list(id, session) }
    }

    /// Logs that Kafka did not take: noted before their receipts are, so that no ack comes before them.
    mutating func noteLateDrops(_ batch: Batch) {
        guard !batch.receipts.isEmpty else { return }
        for drop in batch.drops {
            guard let log = batch.receipt(ofRecord: drop.record) else { continue }
            let session = connection(ConnectionID(owner: log.owner))?.state.guest?.acks ?? orphans[log.owner]
            session?.numbering.droppedLate(log, drop.reason, size: unsafe Int(batch.records[drop.record].count))
        }
    }

    /// The gateway ends: a client is told to go when it has the acks of what was received, or after a second.
    /// Meanwhile nothing more is read: it would be stored, and sent again for want of an ack.
    mutating func leaveLater(
        _ id: ConnectionID,
        _ session: AckSession,
        _ state: inout ConnectionState,
        until: UInt64
    ) {
        if state.pause == .none {
            pause(id, &state, .leaving)
        } else {
            state.pause = .leaving
        }
        reactor.setDeadline(id, at: min(until, reactor.now &+ second))
        list(id, session)
    }

    /// It goes: what has not been read is not received.
    mutating func leave(_ id: ConnectionID, _ state: inout ConnectionState) {
        sendClose(id, code: .serviceRestart, reason: goodbye)
        finish(id, &state)
    }
}
