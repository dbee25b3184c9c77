internal import Reactor
internal import WebSocketWire

/// What goes out, when, and what comes back.
extension Generator {
    /// The connection has room: it is served before the loop sleeps again.
    mutating func markReady(_ index: Int) {
        guard stage == .sending, profile != .idle || isEnding else { return }
        ready.append(index)
        loop.setTimer(Self.pumpTimer, at: min(loop.now, started))
    }

    /// Serves the connections that have room, and with a rate everything that has become due.
    mutating func pump() {
        guard stage == .sending else { return }
        guard loop.now >= started else { return loop.setTimer(Self.pumpTimer, at: started) }
        clock.tick()
        frames.setTimestamp(clock.text)
        var waiting: [Int] = []
        swap(&waiting, &ready)
        for index in waiting { fill(index) }
        waiting.removeAll(keepingCapacity: true)
        if ready.isEmpty { swap(&waiting, &ready) }
        if arguments.rate > 0 { releaseDue() }
    }

    private mutating func releaseDue() {
        let elapsed = loop.now - started
        while nextWrite < schedule.plan.writes {
            guard let index = share.local(schedule.plan.connection(ofWrite: nextWrite)) else {
                nextWrite += 1
                continue
            }
            let due = schedule.dueTime(ofWrite: nextWrite)
            guard due <= elapsed else {
                loop.setTimer(Self.pumpTimer, at: max(started + due, loop.now + Self.dueStep))
                return
            }
            connections[index].due += schedule.plan.count(ofWrite: nextWrite)
            released += schedule.plan.count(ofWrite: nextWrite)
            nextWrite += 1
            fill(index)
        }
    }

    /// Sends what is due on a connection, as long as it has room.
    private mutating func fill(_ index: Int) {
        guard connections[index].mayBeSentTo, let id = connections[index].id else { return }
        let mark = arguments.rate > 0 ? LoopLimits().highMark : 0
        while loop.pendingOutput(id) <= mark {
            let count = room(index)
            guard count > 0 else { break }
            send(count, index, id)
        }
        if connections[index].sent >= connections[index].quota { finish(index, id) }
    }

    /// How many logs the next write of a connection has.
    private func room(_ index: Int) -> Int {
        let sent = connections[index].sent
        var count = min(schedule.plan.batch, min(connections[index].due, connections[index].quota) - sent)
        guard replyReader != nil else { return count }
        // What goes out again is a write of its own: its due times are known already.
        let highest = connections[index].answers.highest
        if sent < highest { count = min(count, highest - sent) }
        if arguments.rate == 0 { count = min(count, window - (sent - connections[index].answers.answered)) }
        return count
    }

    private mutating func send(_ count: Int, _ index: Int, _ id: ConnectionID) {
        let first = connections[index].sent
        let global = share.global(index)
        let due = arguments.rate > 0 ? started + schedule.dueTime(of: first, on: global) : loop.now
        let late = loop.now - min(due, loop.now)
        outcome.writes.record(late, count: count)
        frames.removeAll()
        frames.append((first + 1)...(first + count), of: global, deflate: connections[index].deflate)
        frames.send(to: id, of: &loop)
        connections[index].sent = first + count
        outcome.handed += count
        outcome.bytes += frames.logBytes
        outcome.timeline.addSent(count, at: loop.now - started)
        if replyReader == nil {
            outcome.timeline.addLatency(late, count: count, at: loop.now - started)
        } else {
            connections[index].answers.sent(upTo: first + count, since: due)
        }
        lastStep = loop.now
    }

    /// All of its logs are handed over: it closes, after the last answer where there are answers.
    private mutating func finish(_ index: Int, _ id: ConnectionID) {
        guard replyReader != nil, connections[index].answers.waiting > 0 else { return sendClose(index) }
        loop.setDeadline(id, at: loop.now + (profile.listening == .acks ? Self.ackTime : Self.echoTime))
    }

    mutating func take(_ reply: Reply, _ index: Int) {
        switch reply {
        case .echo(let name):
            guard share.local(name.connection) == index, let since = connections[index].answers.echoed(name.number)
            else { return }
            answered(1, since: since)
        case .ack(let messages): settle(messages, index)
        case .drop(let message, let reason):
            outcome.dropped[reason, default: 0] += 1
            let number = connections[index].answers.number(ofMessage: message)
            outcome.droppedNames.append(LogName(connection: share.global(index), number: number))
        case .pause(let isPaused): outcome.pauses += isPaused ? 1 : 0
        case .other: return
        }
        lastStep = loop.now
        if arguments.rate == 0 || connections[index].sent >= connections[index].quota { markReady(index) }
    }

    private mutating func settle(_ messages: Int, _ index: Int) {
        var all: [AnswerBook.Answered] = []
        connections[index].answers.settled(messages) { all.append($0) }
        for each in all { answered(each.count, since: each.since) }
    }

    private mutating func answered(_ count: Int, since: UInt64) {
        let latency = loop.now - min(since, loop.now)
        outcome.answered += count
        outcome.replies.record(latency, count: count)
        outcome.timeline.addAnswered(count, at: loop.now - started)
        outcome.timeline.addLatency(latency, count: count, at: loop.now - started)
    }
}
