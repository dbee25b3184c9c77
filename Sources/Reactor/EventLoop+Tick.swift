internal import Telemetry

extension EventLoop where P: ~Copyable, T: ~Copyable {
    /// The next event. Sleeps while there is none.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func next() -> LoopEvent {
        while true {
            if isStopped { return .stopped }
            if let event = nextEnded() { return event }
            if let event = step() { return event }
        }
    }

    private mutating func nextEnded() -> LoopEvent? {
        guard endedSaid < ended.count else { return nil }
        let connection = ended[endedSaid]
        endedSaid += 1
        if endedSaid == ended.count {
            ended.removeAll(keepingCapacity: true)
            endedSaid = 0
        }
        closedFault = connection.fault
        closedProxyRefusal = connection.proxyRefusal
        return .closed(connection.id, connection.cause)
    }

    /// One event of the current phase, or the next phase.
    private mutating func step() -> LoopEvent? {
        switch phase {
        case .poll: poll()
        case .dispatch: return dispatch()
        case .lastAccepts: return lastAccepts()
        case .pending: return nextPending()
        case .handshakes: return nextHandshake()
        case .handoffs: return nextHandoff()
        case .inbox:
            enter(.deadlines)
            isScanning = deadlines.beginScan(at: now)
            if wakeSeen { return .inbox }
        case .deadlines: return nextDeadline()
        case .timers:
            if let timer = timers.takeExpired(at: now) { return .timer(timer) }
            enter(.endOfTick)
        case .endOfTick:
            enter(.flush)
            return .endOfTick
        case .flush: return flushNext()
        }
        return nil
    }

    func deadline() -> UInt64 {
        if !toRead.isEmpty || !toFlush.isEmpty || !handshakes.isEmpty || isLastAccept { return 0 }
        return min(timers.next, gate.resumeAt, armedDeadlines > 0 ? deadlines.nextScan : .max)
    }

    mutating func enter(_ next: Phase) {
        phase = next
        cursor = 0
    }

    private mutating func poll() {
        if gate.takeResume(at: now) { armListeners() }
        applyMasks()
        let ended = poller.monotonicNow()
        // Before the first tick there was only the owner making itself ready.
        if counters.ticks > 0 { tickTimes.observe(Double(ended &- now) / 1e9) }
        readyCount = poller.wait(until: deadline(), from: ended)
        now = poller.monotonicNow()
        counters.ticks += 1
        wakeSeen = false
        if !toRead.isEmpty { swap(&reading, &toRead) }
        enter(.dispatch)
    }

    // Here and below, lists that are empty in most ticks are not emptied: that costs more than to look.
    private mutating func applyMasks() {
        guard !masks.isEmpty else { return }
        for id in masks where slab.isCurrent(id) {
            slab[id.index].lists.remove(.masks)
            guard let wanted = slab[id.index].state.wanted, wanted != slab[id.index].state.armed,
                let descriptor = slab[id.index].transport?.descriptor
            else { continue }
            slab[id.index].state.armed = wanted
            do throws(Errno) {
                try poller.modify(descriptor, wanted, token: id.token)
            } catch {
                end(id, .failed(error))
            }
        }
        masks.removeAll(keepingCapacity: true)
    }

    /// Whether the phases between events and the end of this tick would find nothing, as in most ticks.
    private var hasOnlyEvents: Bool {
        mutating get {
            !wakeSeen && reading.isEmpty && handshakes.isEmpty && handoffs.isEmpty && timers.next > now
                && deadlines.nextScan > now
        }
    }

    private mutating func dispatch() -> LoopEvent? {
        if acceptsLeft > 0 { return acceptNext() }
        guard cursor < readyCount else {
            enter(isLastAccept ? .lastAccepts : hasOnlyEvents ? .endOfTick : .pending)
            return nil
        }
        let event = poller.event(at: cursor)
        cursor += 1
        let id = ConnectionID(token: event.token)
        if id.generation == 0 {
            dispatchOwn(id.index)
            return nil
        }
        guard slab.isCurrent(id) else {
            counters.staleEvents += 1
            return nil
        }
        return dispatch(id, event.readiness)
    }

    /// Events of the loop itself: its waker, then its listeners, and the end of a sleep.
    private mutating func dispatchOwn(_ slot: Int) {
        if slot == 0 {
            // Before anybody looks into an inbox, or a message posted meanwhile would wake nobody.
            poller.waker.acknowledge()
            wakeSeen = true
            if let seat { seat.group.take(seat.index, into: &handoffs) }
        } else if slot <= listeners.count, listeners[slot - 1].isArmed {
            accepting = slot - 1
            let isSecure = listeners[accepting].rules.security != nil
            acceptsLeft = isSecure ? limits.secureAcceptsPerTick : limits.acceptsPerTick
        } else if UInt64(slot) == P.sleepToken {
            poller.sleepEnded()
        }
    }

    /// Reads, writes, then decides about the end: in this order, from what the state says now.
    private mutating func dispatch(_ id: ConnectionID, _ readiness: Interest) -> LoopEvent? {
        let actions = slab[id.index].state.ready(readiness)
        touch(id)
        if actions.contains(.dropOutput) {
            dropOutput(id)
            if isDrainedByLoss(id) { return .writable(id) }
        }
        if actions.contains(.flush) { queueFlush(id) }
        if actions.contains(.discard) { discard(id) }
        if actions.contains(.end) { end(id, slab[id.index].state.cause) }
        if actions.contains(.finishConnect) { return finishConnect(id) }
        guard actions.contains(.read) else { return nil }
        return slab[id.index].state.facts.contains(.layered) ? advance(id) : .readable(id)
    }

    private mutating func nextPending() -> LoopEvent? {
        while cursor < reading.count {
            let id = reading[cursor]
            cursor += 1
            guard slab.isCurrent(id) else { continue }
            slab[id.index].lists.remove(.pending)
            let state = slab[id.index].state
            if state.phase == .open, !state.facts.contains(.paused) { return .readable(id) }
        }
        if cursor > 0 { reading.removeAll(keepingCapacity: true) }
        if handshakes.isEmpty { enter(.handoffs) } else { beginHandshakes() }
        return nil
    }

    private mutating func nextHandoff() -> LoopEvent? {
        while cursor < handoffs.count {
            let handoff = handoffs[cursor]
            cursor += 1
            if let event = adopt(handoff.endpoint, listener: handoff.listener, handoff.rules) { return event }
            seat?.group.changed(seat?.index ?? 0, by: -1)
        }
        if cursor > 0 { handoffs.removeAll(keepingCapacity: true) }
        enter(.inbox)
        return nil
    }

    private mutating func nextDeadline() -> LoopEvent? {
        while isScanning,
            let index = slab.nextExpired(
                from: cursor,
                slice: deadlines.slice,
                now: deadlines.current(at: now)
            )
        {
            cursor = index + 1
            let id = slab.id(at: index)
            clearDeadline(id)
            guard slab[index].state.isClosing else { return .deadline(id) }
            end(id, .lingerTimeout)
        }
        enter(.timers)
        return nil
    }

    /// Each connection's output once; what is queued meanwhile waits for the next tick, which will not sleep.
    private mutating func flushNext() -> LoopEvent? {
        if cursor == 0, !toFlush.isEmpty { swap(&flushing, &toFlush) }
        while cursor < flushing.count {
            let id = flushing[cursor]
            cursor += 1
            guard slab.isCurrent(id) else { continue }
            slab[id.index].lists.remove(.flush)
            if flush(id) { return .writable(id) }
        }
        if cursor > 0 { flushing.removeAll(keepingCapacity: true) }
        // An ended connection is said before its place is given to another.
        guard endedSaid == ended.count else { return nil }
        if !limbo.isEmpty {
            for slot in limbo { slab.recycle(Int(slot)) }
            limbo.removeAll(keepingCapacity: true)
        }
        enter(.poll)
        return nil
    }
}
