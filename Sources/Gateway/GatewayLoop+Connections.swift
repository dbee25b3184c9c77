import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

// The life of a connection: accepted, read, paused and resumed, timed, closed.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    mutating func accepted(_ id: ConnectionID, listener: Int) {
        while connections.count <= id.index { connections.append(nil) }
        let limits = HeadLimits(maxBytes: configuration.maxHeaderBytes)
        let state = ConnectionState(now: reactor.now, limits: limits, listener: listener)
        connections[id.index] = Connection(id: id, state: state)
        counters.open += 1
        state.requests?.peer = reactor.peer(id)
        let isWithin = shared.openSocket(atMost: configuration.maxSockets)
        guard isWithin, mayShakeHands(id, isRead: false) else { return turnAway(id) }
        // Who comes in the last moment is told so, and must not keep the end waiting.
        let longest = draining == nil ? configuration.handshakeTimeout : second
        reactor.setDeadline(id, at: reactor.now &+ min(longest, configuration.handshakeTimeout))
    }

    /// Whether there are not too many of its address already, asked once: behind a PROXY header the address is known
    /// with the first bytes that are read, elsewhere at once.
    private mutating func mayShakeHands(_ id: ConnectionID, isRead: Bool) -> Bool {
        guard let connection = connection(id), let requests = connection.state.requests, !requests.isCounted else {
            return true
        }
        if isProxied(Int(connection.state.listener)) {
            guard isRead else { return true }
            requests.peer = reactor.peer(id) ?? requests.peer
        }
        return enterHandshake(requests)
    }

    private func isProxied(_ listener: Int) -> Bool { listener < proxied.count && proxied[listener] }

    /// Closes at once what is one too many.
    private mutating func turnAway(_ id: ConnectionID) {
        counters.refused[Int(RefusalReason.tooManyHandshakes.rawValue)] += 1
        sayRefused(.tooManyHandshakes, connection(id)?.state.requests?.peer)
        connection(id)?.state.phase = .ended
        reactor.abort(id)
    }

    /// Counts a connection that ended before its first byte could be read.
    private mutating func endedEarly(_ cause: CloseCause, _ id: ConnectionID, _ state: inout ConnectionState) {
        guard case .handshake = state.phase else { return }
        let reason: RefusalReason
        let detail: String?
        switch cause {
        case .tlsFailed: (reason, detail) = (.tlsFailed, reactor.closedFault?.description)
        case .proxyRefused: (reason, detail) = (.proxyRefused, reactor.closedProxyRefusal?.description)
        default: return
        }
        counters.refused[Int(reason.rawValue)] += 1
        sayRefused(reason, state.requests?.peer, detail: detail)
    }

    mutating func readable(_ id: ConnectionID, _ buffer: inout ReadBuffer) {
        guard let connection = connection(id) else { return }
        guard mayRead(connection) else { return }
        if let guest = connection.state.guest {
            guard beginNumbering(guest, id, &connection.state) else { return }
            beginMetering(guest, route: connection.state.route)
        }
        let wire = read(id, &connection.state, &buffer)
        payOverhead(id, &connection.state)
        // What a POST brings is counted with its body.
        if let guest = connection.state.guest, connection.state.requests == nil {
            endNumbering(guest, id, connection.state)
            endMetering(guest, wire: wire, id, &connection.state)
        }
    }

    /// Reads once, or goes on with what was left of an earlier read.
    /// - Returns: how many bytes came.
    private mutating func read(
        _ id: ConnectionID,
        _ state: inout ConnectionState,
        _ buffer: inout ReadBuffer
    ) -> Int {
        if let carry = state.carry {
            goOn(carry, of: id, &state)
            readOn(id, state)
            return 0
        }
        if let requests = state.requests, let rest = requests.rest {
            goOn(rest, requests, of: id, &state)
            readOn(id, state)
            return 0
        }
        switch reactor.receive(id, into: buffer) {
        case .bytes(let count):
            state.keepAlive.heard(at: reactor.now)
            state.share.add(count, at: reactor.now)
            refreshStamp()
            consume(buffer.bytes(count), of: id, &state)
            return count
        case .wouldBlock:
            break
        case .end:
            // What it sent is relayed; what we still owe it goes out before the end.
            finish(id, &state)
        case .failed:
            state.phase = .ended
            reactor.abort(id)
        }
        return 0
    }

    /// Whether this connection's bytes may be taken now; pauses it when not.
    private mutating func mayRead(_ connection: Connection) -> Bool {
        switch connection.state.phase {
        case .handshake:
            if mayShakeHands(connection.id, isRead: true) { return true }
            turnAway(connection.id)
            return false
        case .ended: return false
        case .open, .closing, .posting: break
        }
        if waitsForTopic(connection.id, &connection.state) { return false }
        if partial.isExhausted {
            let headroom = headroom(connection.state)
            if !partial.mayRead(slot: connection.id.slot, headroom: headroom, need: readSize) {
                pause(connection.id, &connection.state, .partial)
                if headroom == nil {
                    waitingToBegin.append(connection.id)
                } else {
                    waitingToGrow.append(connection.id)
                }
                return false
            }
        }
        return true
    }

    /// How many bytes a read may bring without anything more being reserved; nil for one that nothing is kept of.
    private func headroom(_ state: borrowing ConnectionState) -> Int? {
        // Nobody knows what is to be inflated becomes, or what begins in the rest of a read.
        if state.carry != nil || state.isInflating && state.message != nil { return 0 }
        // What is carried over is reserved, and only given back by going on.
        if state.isCarrying { return .max }
        return state.message?.headroom(limit: policies[state.route].maxLen)
    }

    /// Whether its topic cannot take more; pauses it then.
    mutating func waitsForTopic(_ id: ConnectionID, _ state: inout ConnectionState) -> Bool {
        let topic = state.topic
        guard topic >= 0 else { return false }
        if isReady(topic) {
            guard state.share.isLarge(at: reactor.now), !hasAmpleRoom(topic) else { return false }
            pausedByTopic[topic].append(large: id, at: reactor.now)
        } else {
            pausedByTopic[topic].anybody.append(id)
        }
        pause(id, &state, .topic)
        return true
    }

    /// Whether the topic, and this loop's arena for it, can take more.
    private mutating func isReady(_ topic: Int) -> Bool {
        flusher.isReady(TopicIndex(rawValue: topic)) && writers[topic].isReady
    }

    /// Whether they can take more of those too that send much. Near the end everything on its way should come in.
    private mutating func hasAmpleRoom(_ topic: Int) -> Bool {
        draining != nil || flusher.hasAmpleRoom(TopicIndex(rawValue: topic)) && writers[topic].hasAmpleRoom
    }

    mutating func pause(_ id: ConnectionID, _ state: inout ConnectionState, _ reason: ConnectionState.Pause) {
        state.pause = reason
        state.keepAlive.paused(at: reactor.now)
        counters.paused += 1
        reactor.pauseReading(id)
        if let session = state.guest?.acks { watchPause(id, session) }
    }

    /// Wakes paused connections in slices: of every topic that takes logs again, and of the budget.
    mutating func resumePaused() {
        guard counters.paused > 0 else { return }
        var isMore = false
        for topic in pausedByTopic.indices where !pausedByTopic[topic].isEmpty {
            guard isReady(topic) else { continue }
            for id in pausedByTopic[topic].anybody.next() { resume(id) }
            isMore = isMore || !pausedByTopic[topic].anybody.isEmpty
            let isAmple = hasAmpleRoom(topic)
            for id in pausedByTopic[topic].nextLarge(isAmple: isAmple, at: reactor.now) { resume(id) }
            isMore = isMore || isAmple && !pausedByTopic[topic].large.isEmpty
        }
        let mayBegin = !partial.isExhausted
        if mayBegin, !waitingToBegin.isEmpty {
            for id in waitingToBegin.next() { resume(id) }
            isMore = isMore || !waitingToBegin.isEmpty
        }
        if mayBegin || partial.hasFreeHolders, !waitingToGrow.isEmpty {
            for id in waitingToGrow.next() { resume(id) }
            isMore = isMore || mayBegin && !waitingToGrow.isEmpty
        }
        // Whoever makes a topic ready posts it; the slow look is for a flusher that forgot to.
        if counters.paused > 0 { reactor.setTimer(.resume, at: reactor.now &+ (isMore ? 0 : second)) }
    }

    mutating func resume(_ id: ConnectionID) {
        guard let connection = connection(id), connection.state.pause != .none, connection.state.pause != .leaving
        else { return }
        let pause = connection.state.keepAlive.resumed(at: reactor.now)
        // A message is not late for what Sluice did not read; waiting for the budget does count, or the few who
        // hold it could hold it for ever.
        if connection.state.isHeldBack { connection.state.message?.startedAt += pause }
        connection.state.pause = .none
        counters.paused -= 1
        putOffAge(id, &connection.state)
        reactor.resumeReading(id)
        if connection.state.isCarrying { reactor.readAgain(id) }
        if let session = connection.state.guest?.acks, session.isPausedTold { list(id, session) }
        schedule(id, &connection.state)
    }

    mutating func deadline(_ id: ConnectionID) {
        guard let connection = connection(id) else { return }
        switch connection.state.phase {
        case .handshake:
            if connection.state.requests?.isIdle != true { counters.refused[Int(RefusalReason.timeout.rawValue)] += 1 }
            finish(id, &connection.state)
        case .posting:
            if let requests = connection.state.requests { postIsLate(requests, id, &connection.state) }
        case .open:
            if connection.state.pause == .leaving { leave(id, &connection.state) } else { keepAlive(connection) }
        case .closing(let until):
            if reactor.now >= until { finish(id, &connection.state) } else { reactor.setDeadline(id, at: until) }
        case .ended:
            break
        }
    }

    private mutating func keepAlive(_ connection: Connection) {
        if let guest = connection.state.guest, hasExpired(guest) {
            fail(connection.id, &connection.state, .policyViolation, "token expired")
            return
        }
        if let message = connection.state.message, !connection.state.isHeldBack,
            reactor.now >= message.startedAt &+ configuration.messageTimeout
        {
            let reason: StaticString = "message_timeout: the message was not whole in time"
            fail(connection.id, &connection.state, .policyViolation, reason)
            return
        }
        if isOld(connection.state) {
            return tellToGo(connection.id, until: reactor.now &+ Draining.grace)
        }
        restInflater(&connection.state)
        switch schedule(connection.id, &connection.state) {
        case .none:
            break
        case .ping:
            ping(connection.id)
            connection.state.keepAlive.pinged(at: reactor.now)
            schedule(connection.id, &connection.state)
        case .end:
            fail(connection.id, &connection.state, .goingAway, "idle_timeout: nothing was heard")
        }
    }

    /// Sets the connection's next deadline; what is due already is done by the deadline, behind the next reads.
    /// - Returns: what is due already.
    @discardableResult
    mutating func schedule(_ id: ConnectionID, _ state: inout ConnectionState) -> KeepAlive.Action {
        guard state.phase == .open, state.pause != .leaving else { return .none }
        var (action, next) = state.keepAlive.due(
            at: reactor.now,
            pingInterval: policies[state.route].pingInterval,
            idleTimeout: configuration.idleTimeout
        )
        // What is not read is not late, and would be looked at every second.
        if let message = state.message, !state.isHeldBack {
            next = min(next, message.startedAt &+ configuration.messageTimeout)
        }
        if state.pause == .none { next = min(next, state.endsAt) }
        if let inflation = state.inflation { next = min(next, inflation.restsAt) }
        if let guest = state.guest { next = min(next, guest.expiresAt) }
        reactor.setDeadline(id, at: next)
        return action
    }

    mutating func closed(_ id: ConnectionID, _ cause: CloseCause) {
        guard let connection = connection(id) else { return }
        connections[id.index] = nil
        counters.open -= 1
        shared.closeSocket()
        endedEarly(cause, id, &connection.state)
        if connection.state.route >= 0 {
            // A POST holds places as a WebSocket does, and is none.
            if connection.state.requests == nil {
                counters.connections[connection.state.route] -= 1
            } else {
                counters.posting[connection.state.route] -= 1
            }
            leavePlaces(connection.state.guest)
            formerTopics.noteEnd()
        }
        if let session = connection.state.guest?.acks { leaveSession(session, id) }
        leaveRequests(&connection.state)
        if connection.state.pause != .none { counters.paused -= 1 }
        dropMessage(id, &connection.state)
        dropCarry(&connection.state)
        dropInflation(id, &connection.state)
    }

    func connection(_ id: ConnectionID) -> Connection? {
        guard id.index < connections.count, let connection = connections[id.index], connection.id == id else {
            return nil
        }
        return connection
    }

    /// Forgets the message that is not whole.
    mutating func dropMessage(_ id: ConnectionID, _ state: inout ConnectionState) {
        guard let message = state.message else { return }
        endOverlong(message, id)
        message.release(&partial)
        if spareMessages.count < 8 { spareMessages.append(message) }
        partial.finished(slot: id.slot)
        state.message = nil
    }

    /// Closes after what is queued has gone out.
    mutating func finish(_ id: ConnectionID, _ state: inout ConnectionState) {
        state.phase = .ended
        dropMessage(id, &state)
        dropCarry(&state)
        dropInflation(id, &state)
        // Within a read its numbers are lent: then the end of the read sees to it.
        if !isNumbering, let session = state.guest?.acks { leaveSession(session, id) }
        reactor.close(id)
    }

    /// Says why in a Close frame, and closes.
    mutating func fail(_ id: ConnectionID, _ state: inout ConnectionState, _ code: CloseCode, _ reason: StaticString) {
        sayFailed(code, reason, id, route: state.route)
        if code == .messageTooBig { sayLastDrop(id, &state) }
        // Nothing follows a Close, not even another one (RFC 6455 section 5.5.1).
        if state.phase == .open { sendClose(id, code: code, reason: reason.description) }
        finish(id, &state)
    }
}
