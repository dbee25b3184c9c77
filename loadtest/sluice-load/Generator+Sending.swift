internal import Reactor

/// What goes out, and when.
extension Generator {
    /// The connection has room: it is served before the loop sleeps again.
    mutating func markReady(_ index: Int) {
        guard stage == .sending else { return }
        ready.append(index)
        loop.setTimer(Self.pumpTimer, at: 0)
    }

    /// Serves the connections that have room, and with a rate everything that has become due.
    mutating func pump() {
        guard stage == .sending else { return }
        clock.tick()
        template.setTimestamp(clock.text)
        var waiting: [Int] = []
        swap(&waiting, &ready)
        for index in waiting { fill(index) }
        waiting.removeAll(keepingCapacity: true)
        if ready.isEmpty { swap(&waiting, &ready) }
        if plan.rate > 0 { releaseDue() }
    }

    private mutating func releaseDue() {
        let elapsed = loop.now - started
        while nextWrite < plan.writes {
            let due = plan.dueTime(ofWrite: nextWrite)
            guard due <= elapsed else {
                loop.setTimer(Self.pumpTimer, at: started + due)
                return
            }
            let index = plan.connection(ofWrite: nextWrite)
            connections[index].due += plan.count(ofWrite: nextWrite)
            released += plan.count(ofWrite: nextWrite)
            nextWrite += 1
            fill(index)
        }
    }

    /// Sends what is due on a connection, as long as it has room.
    private mutating func fill(_ index: Int) {
        guard connections[index].mayBeSentTo, let id = connections[index].id else { return }
        let mark = plan.rate > 0 ? LoopLimits().highMark : 0
        while loop.pendingOutput(id) <= mark {
            let count = min(plan.batch, min(connections[index].due, connections[index].quota) - connections[index].sent)
            guard count > 0 else { break }
            send(count, index, id)
        }
        if connections[index].sent >= connections[index].quota { sendClose(index) }
    }

    private mutating func send(_ count: Int, _ index: Int, _ id: ConnectionID) {
        let first = connections[index].sent
        if plan.rate > 0 {
            let due = started + plan.dueTime(of: first, on: index)
            if loop.now > due { worstLag = max(worstLag, loop.now - due) }
        }
        template.setConnection(index)
        frames.removeAll()
        for number in (first + 1)...(first + count) {
            template.setNumber(number)
            frames.append(template)
        }
        frames.send(to: id, of: &loop)
        connections[index].sent = first + count
        sent += count
        lastStep = loop.now
    }
}
