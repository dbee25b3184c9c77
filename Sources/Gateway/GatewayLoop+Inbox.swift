import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

// What other threads ask, and the graceful end.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    mutating func handle(_ message: LoopMessage) {
        switch message {
        case .settled(let batches):
            for batch in batches { settled(batch) }
            formerTopics.noteEnd()
        case .readinessChanged(let topic):
            // One that this loop has not been told of yet concerns nobody here.
            // The end of this tick resumes whoever waits. The writer learns of more partitions before the first log
            // that comes, which would else go to partition 0 and make its connection move.
            guard topic.rawValue < writers.count else { return }
            writers[topic.rawValue].seal(partitions: flusher.partitions(of: topic), now: reactor.now)
        case .listen(let listeners, let plans):
            listen(listeners, plans)
        case .replaceSecurity(let listener, let context):
            reactor.setSecurity(context, listener: listener)
        case .replaceAdmission(let table):
            admission = table
        case .update(let update, let done):
            apply(update)
            done()
        case .sessionTaken(let id):
            sessionTaken(id)
        case .sessionGiven(let id, let key, let memory):
            sessionGiven(id, key, memory)
        case .snapshot(let reply):
            reply(snapshot())
        case .drain(let time, let done):
            drain(until: reactor.now &+ time, done)
        case .stop(let reply):
            finish = reply
            reactor.stop()
        }
    }

    private mutating func settled(_ batch: Batch) {
        guard isOfLogs(batch.topic.rawValue) else {
            deadLetters.settled(batch)
            return writers[batch.topic.rawValue].settled(batch)
        }
        ledger.settled(batch, now: reactor.now)
        if !batch.drops.isEmpty { noteLateDrops(batch) }
        for receipt in batch.receipts { settled(receipt, of: batch) }
        if !batch.drops.isEmpty {
            sayDropped(of: batch)
            tellRefused(batch)
        }
        let topic = batch.topic.rawValue
        writers[topic].settled(batch)
    }

    mutating func snapshot() -> LoopSnapshot {
        let counts = ledger.snapshot(heldBytes: heldBytes(ofLogsOnly: true), now: reactor.now)
        var snapshot = LoopSnapshot(
            ledger: counts.regrouped(routes: routeLabels, topics: topicLabels),
            routes: (routeLabels.max() ?? -1) + 1
        )
        for (label, count) in zip(routeLabels, counters.connections) { snapshot.connections[label] += count }
        snapshot.accepted = counters.accepted
        snapshot.refused = counters.refused
        snapshot.paused = counters.paused
        snapshot.slowed = counters.slowed
        snapshot.tlsHandshakes = UInt64(reactor.counters.tlsHandshakes)
        snapshot.posts = counters.posts
        snapshot.resets = UInt64(reactor.counters.resets)
        snapshot.echoesSkipped = counters.echoesSkipped
        snapshot.acksSent = counters.acksSent
        snapshot.resent = counters.resent
        snapshot.keepAliveMessages = counters.keepAliveMessages
        snapshot.inflaters = counters.inflaters
        snapshot.deadLettersSent = deadLetters.sent
        snapshot.deadLettersLost = deadLetters.lost
        snapshot.deadLettersInFlight = deadLetters.inFlight
        snapshot.tickTimes = reactor.tickTimes
        return snapshot
    }

    mutating func elapsed(_ timer: LoopTimer) {
        // Resuming is what the end of every tick does; its timer only sees to it that there is a tick.
        if timer == .drain { drainStep() }
        if timer == .rates { resumeSlowed() }
        if timer == .pauses { sayPauses() }
    }

    private mutating func listen(_ listeners: BoundListeners, _ plans: [GatewayListener]) {
        let proxies = configuration.trustedProxies
        var number = 0
        listeners.take(loop: index) { listener in
            let plan = plans[number]
            reactor.listen(listener, security: plan.security, proxies: plan.isProxied ? proxies : nil)
            number += 1
        }
    }

    private mutating func drain(until deadline: UInt64, _ done: @escaping @Sendable () -> Void) {
        reactor.stopAccepting()
        let open = connections.compactMap { $0?.id }
        draining = Draining(connections: open, now: reactor.now, deadline: deadline, done: done)
        drainStep()
    }

    /// Tells the next slice to go, or cuts whoever is left at the deadline. Only its timer leads here: a connection
    /// that ends hurries nobody else.
    private mutating func drainStep() {
        guard let deadline = draining?.deadline else { return }
        if reactor.now >= deadline {
            for case let connection? in connections { reactor.abort(connection.id) }
            return
        }
        let until = min(reactor.now &+ Draining.grace, deadline)
        for id in draining?.next() ?? [] { tellToGo(id, until: until) }
        let isEverybodyTold = draining?.isEverybodyTold ?? true
        reactor.setTimer(.drain, at: isEverybodyTold ? deadline : min(deadline, reactor.now &+ Draining.interval))
    }

    /// End of tick: answers once every connection is gone and every log has been handed over, those too that wait for
    /// earlier ones of their connection; at the deadline in any case.
    mutating func endDraining() {
        guard counters.open == 0, let pace = draining, heldBytes(ofLogsOnly: false) == 0 || reactor.now >= pace.deadline
        else { return }
        draining = nil
        reactor.setTimer(.drain, at: .max)
        pace.done()
    }

    /// Bytes of records that the flusher has not got yet.
    private mutating func heldBytes(ofLogsOnly: Bool) -> Int {
        var bytes = 0
        for topic in 0..<writers.count where !ofLogsOnly || isOfLogs(topic) { bytes += writers[topic].heldBytes }
        return bytes
    }

    mutating func tellToGo(_ id: ConnectionID, until: UInt64) {
        guard let connection = connection(id) else { return }
        switch connection.state.phase {
        case .handshake:
            if connection.state.requests?.isIdle == true { return finish(id, &connection.state) }
            // Its request is answered with 503 when it is whole.
            reactor.setDeadline(id, at: min(until, reactor.now &+ second))
        case .posting:
            connection.state.requests?.isLast = true
        case .open:
            if let session = connection.state.guest?.acks {
                return leaveLater(id, session, &connection.state, until: until)
            }
            if connection.state.pause == .rate { resume(id) }
            sendClose(id, code: .goingAway, reason: goodbye)
            connection.state.phase = .closing(until: until)
            reactor.setDeadline(id, at: until)
        case .closing, .ended:
            break
        }
    }
}

extension LoopTimer {
    /// Paused connections are looked at again.
    static let resume = LoopTimer(rawValue: 0)
    /// The next slice of connections is told to go.
    static let drain = LoopTimer(rawValue: 1)
    /// Connections that were over a rate are read again.
    static let rates = LoopTimer(rawValue: 2)
    /// Numbered connections that are not read any more are told so.
    static let pauses = LoopTimer(rawValue: 3)
    /// Batches have waited long enough for more logs; the end of the tick lets them go.
    static let gathering = LoopTimer(rawValue: 4)
}
