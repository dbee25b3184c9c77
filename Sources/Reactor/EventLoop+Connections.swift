internal import CLinux

extension EventLoop where P: ~Copyable, T: ~Copyable {
    /// Reads once, after `readable`.
    ///
    /// - Returns: `.end` when the peer has finished; it can still be written to, and the owner decides to close. After
    ///   `.failed` the connection has ended: `closed` follows. Both only after everything that came before them.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func receive(_ id: ConnectionID, into buffer: borrowing ReadBuffer) -> IOResult {
        guard slab.isCurrent(id), slab[id.index].state.phase == .open else { return .wouldBlock }
        if slab[id.index].state.facts.contains(.layered) { return receiveLayered(id, into: buffer) }
        if slab[id.index].state.facts.contains(.readEnded) { return .end }
        let result = unsafe slab[id.index].transport?.receive(into: buffer.writable) ?? .wouldBlock
        switch result {
        case .bytes, .wouldBlock: break
        case .end:
            _ = slab[id.index].state.inputEnded()
            touch(id)
        case .failed(let error):
            broke(id, error)
        }
        return result
    }

    /// The owner has work of this connection left: `readable` again in the next tick, before which nobody sleeps.
    package mutating func readAgain(_ id: ConnectionID) {
        guard slab.isCurrent(id), !slab[id.index].lists.contains(.pending) else { return }
        slab[id.index].lists.insert(.pending)
        toRead.append(id)
    }

    /// No `readable` until resumed. Its peer's end is noticed meanwhile, and costs nothing after that.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func pauseReading(_ id: ConnectionID) {
        guard slab.isCurrent(id), slab[id.index].state.phase == .open else { return }
        slab[id.index].state.facts.insert(.paused)
        touch(id)
    }

    /// What has come meanwhile is reported.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func resumeReading(_ id: ConnectionID) {
        guard slab.isCurrent(id) else { return }
        slab[id.index].state.facts.remove(.paused)
        // The poller does not know of what is on our side of the socket.
        if let layer = slab[id.index].layer, layer.hasUnread { readAgain(id) }
        touch(id)
    }

    /// Queues bytes, which leave at the end of the tick. Ignored before TLS is agreed on, once closing has begun, and when
    /// the peer is gone.
    ///
    /// The queue has no bound of its own: its owner looks at `pendingOutput` before it writes more.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func send(_ id: ConnectionID, _ bytes: RawSpan) {
        guard slab.isCurrent(id), bytes.byteCount > 0 else { return }
        let state = slab[id.index].state
        guard !state.isClosing, !state.facts.contains(.outputDead) else { return }
        if state.facts.contains(.layered) {
            guard appendLayered(id, bytes) else { return }
        } else {
            slab[id.index].output.append(bytes, from: &pool)
        }
        slab[id.index].state.facts.insert(.hasOutput)
        if queued(id.index) > limits.highMark { slab[id.index].state.facts.insert(.congested) }
        // A queue that waits for the peer is written to when the poller says so.
        guard !state.armed.contains(.writing) else { return }
        queueFlush(id)
        // Thousands of small replies in one tick would each hold a chunk until its end. Where somebody waits to hear that
        // all of it is sent, the end of the tick sends it, and says so.
        if pool.isBusy, state.phase == .open, slab[id.index].state.facts.isDisjoint(with: [.congested, .drainAwaited]) {
            _ = flush(id)
        }
    }

    /// Bytes queued and not yet taken by the kernel.
    ///
    /// `mutating` for the compiler alone: to lend a loop that lies in mutable memory, Swift 6.3 copies all of it.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func pendingOutput(_ id: ConnectionID) -> Int {
        slab.isCurrent(id) ? queued(id.index) : 0
    }

    /// `writable` once when nothing is queued any more: it was sent, or the peer is gone.
    ///
    /// - Returns: false when nothing is queued now: nothing will be said.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func notifyWhenDrained(_ id: ConnectionID) -> Bool {
        guard pendingOutput(id) > 0 else { return false }
        slab[id.index].state.facts.insert(.drainAwaited)
        return true
    }

    /// Closes: what is queued is sent, then FIN, then what still comes is thrown away until the peer has closed too
    /// or its time is up. `closed` follows. The connection's deadline is the loop's from now on.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func close(_ id: ConnectionID) {
        guard slab.isCurrent(id), !slab[id.index].state.isClosing else { return }
        if slab[id.index].state.facts.contains(.layered) { finishLayer(id) }
        // Encrypting what was left may have found TLS broken.
        guard !slab[id.index].state.isClosing else { return }
        beginClosing(id)
    }

    /// Closes at once, with RST. `closed` follows.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func abort(_ id: ConnectionID) {
        guard slab.isCurrent(id) else { return }
        slab[id.index].transport?.reset()
        end(id, .aborted)
    }

    /// One store: `deadline` is said once, up to 1.125 s after the time and never before it.
    ///
    /// - Parameter time: monotonic nanoseconds; `UInt64.max` unsets it.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func setDeadline(_ id: ConnectionID, at time: UInt64) {
        guard slab.isCurrent(id), !slab[id.index].state.isClosing else { return }
        armDeadline(id, at: time)
    }

    /// Starts connecting: `connected`, or `closed` with `connectFailed`, follows.
    ///
    /// - Parameters:
    ///   - address: where to.
    ///   - source: which of this machine's addresses to come from; port 0 lets the kernel choose.
    ///   - security: of what to speak TLS with, `connected` being said after the handshake; nil: plain bytes.
    ///   - serverName: whom the certificate must be for; nil: the address's number.
    /// - Throws: what the kernel says at once: no descriptor, no route.
    package mutating func connect(
        to address: SocketAddress,
        from source: SocketAddress? = nil,
        security: TLSContext? = nil,
        serverName: String? = nil
    ) throws(Errno) -> ConnectionID {
        if security != nil { usePort() }
        let transport = T(try poller.connect(to: address, from: source))
        let descriptor = transport.descriptor
        let id = insert(transport, ConnectionState(phase: .connecting, armed: .writing))
        do throws(Errno) {
            try poller.add(descriptor, .writing, token: id.token)
        } catch {
            release(id)
            throw error
        }
        if let security {
            slab[id.index].layer = StreamLayer(connecting: security, to: serverName ?? address.host)
            slab[id.index].state.facts.insert(.layered)
        }
        seat?.group.changed(seat?.index ?? 0, by: 1)
        return id
    }

    /// Who is on the other side: the client that a PROXY header names, once that has been read, else whoever connected.
    /// Asks the kernel: once per connection, not once per log.
    @_specialize(where P == EpollPoller, T == Socket)
    package func peer(_ id: ConnectionID) -> PeerAddress? {
        slab.isCurrent(id) ? slab.peer(id.index) : nil
    }

    /// The same, in words.
    package func peer(of id: ConnectionID) -> String? { peer(id)?.description }

    /// What the TLS handshake has found out; nil before that, and without TLS.
    package mutating func tlsFacts(_ id: ConnectionID) -> TLSFacts? {
        slab.isCurrent(id) ? slab[id.index].layer?.facts : nil
    }
}

extension EventLoop where P: ~Copyable, T: ~Copyable {
    /// Notes that the mask may have changed.
    mutating func touch(_ id: ConnectionID) {
        guard !slab[id.index].lists.contains(.masks) else { return }
        slab[id.index].lists.insert(.masks)
        masks.append(id)
    }

    mutating func queueFlush(_ id: ConnectionID) {
        guard !slab[id.index].lists.contains(.flush) else { return }
        slab[id.index].lists.insert(.flush)
        toFlush.append(id)
    }

    mutating func finishConnect(_ id: ConnectionID) -> LoopEvent? {
        if let error = slab[id.index].transport?.finishConnect() {
            end(id, .connectFailed(error))
            return nil
        }
        slab[id.index].state.phase = .open
        guard slab[id.index].layer == nil else {
            queueHandshake(id)
            return nil
        }
        return .connected(id)
    }

    /// - Returns: whether the owner may write again.
    mutating func flush(_ id: ConnectionID) -> Bool {
        let index = id.index
        if slab[index].state.facts.contains(.layered) { encrypt(id) }
        guard slab.isCurrent(id), slab[index].output.count > 0, slab[index].state.phase != .connecting else {
            return false
        }
        let (pieces, bytes) = slab[index].output.gather(into: &pool)
        let vectors = unsafe UnsafeBufferPointer<iovec>(start: pool.vectors, count: pieces)
        switch unsafe slab[index].transport?.send(vectors) ?? .wouldBlock {
        case .bytes(let sent):
            precondition(sent <= bytes, "the kernel took more than it was given")
            slab[index].output.drop(first: sent, to: &pool)
        case .wouldBlock, .end: break
        case .failed(let error):
            noteReset(id, error)
            dropOutput(id)
            carryOut(slab[index].state.outputFailed(error), id)
            return isDrainedByLoss(id)
        }
        return flushed(id)
    }

    private mutating func flushed(_ id: ConnectionID) -> Bool {
        touch(id)
        let left = slab[id.index].output.count
        if left == 0 {
            slab[id.index].state.facts.remove(.hasOutput)
            if let layer = slab[id.index].layer { layer.answered = 0 }
            carryOut(slab[id.index].state.outputFlushed(), id)
            guard slab.isCurrent(id) else { return false }
            if slab[id.index].state.facts.contains(.drainAwaited), queued(id.index) == 0 {
                slab[id.index].state.facts.remove([.drainAwaited, .congested])
                return slab[id.index].state.phase == .open
            }
        }
        guard left <= limits.lowMark, slab[id.index].state.facts.contains(.congested) else { return false }
        slab[id.index].state.facts.remove(.congested)
        return slab[id.index].state.phase == .open
    }

    mutating func dropOutput(_ id: ConnectionID) {
        slab[id.index].output.removeAll(to: &pool)
        slab[id.index].layer?.plaintext.removeAll(to: &pool)
        slab[id.index].state.facts.remove(.hasOutput)
        touch(id)
    }

    /// Nothing is queued any more because the peer is gone: who waits for that, and is not read, would wait for ever.
    mutating func isDrainedByLoss(_ id: ConnectionID) -> Bool {
        guard slab.isCurrent(id), slab[id.index].state.facts.contains(.drainAwaited) else { return false }
        slab[id.index].state.facts.remove([.drainAwaited, .congested])
        return slab[id.index].state.phase == .open
    }

    /// Throws away a tick's share of what comes in on a closing connection.
    mutating func discard(_ id: ConnectionID) {
        switch slab[id.index].transport?.discard(upTo: limits.discardPerTick) ?? .wouldBlock {
        case .bytes, .wouldBlock: break
        case .end: carryOut(slab[id.index].state.inputEnded(), id)
        case .failed(let error): broke(id, error)
        }
    }

    mutating func beginClosing(_ id: ConnectionID) {
        let wasConnecting = slab[id.index].state.phase == .connecting
        let step = slab[id.index].state.beginClosing()
        if slab[id.index].state.phase == .flushing { armDeadline(id, at: now + limits.flushTimeout) }
        touch(id)
        if wasConnecting { end(id, .aborted) } else { carryOut(step, id) }
    }

    mutating func carryOut(_ step: ConnectionState.Step, _ id: ConnectionID) {
        switch step {
        case .wait: break
        case .shutdownWrite:
            slab[id.index].transport?.shutdownWrite()
            armDeadline(id, at: now + limits.lingerTimeout)
        case .shutdownAndEnd:
            slab[id.index].transport?.shutdownWrite()
            end(id, .finished)
        case .end: end(id, slab[id.index].state.cause)
        }
    }

    mutating func broke(_ id: ConnectionID, _ error: Errno) {
        noteReset(id, error)
        end(id, CloseCause(error))
    }

    mutating func noteReset(_ id: ConnectionID, _ error: Errno) {
        guard error.isReset, !slab[id.index].state.facts.contains(.resetSeen) else { return }
        slab[id.index].state.facts.insert(.resetSeen)
        counters.resets += 1
    }

    mutating func armDeadline(_ id: ConnectionID, at time: UInt64) {
        let old = slab.deadline(id.index)
        let new = deadlines.tick(at: time)
        armedDeadlines += (old == DeadlineClock.never ? 1 : 0) - (new == DeadlineClock.never ? 1 : 0)
        slab.setDeadline(id.index, new)
    }

    mutating func clearDeadline(_ id: ConnectionID) { armDeadline(id, at: .max) }

    mutating func insert(_ transport: consuming T, _ state: ConnectionState) -> ConnectionID {
        slab.insert(transport, state: state)
    }

    /// Ends the connection: closed now, said next, its place free after the tick.
    mutating func end(_ id: ConnectionID, _ cause: CloseCause, _ proxyRefusal: ProxyRefusal? = nil) {
        guard slab.isCurrent(id) else { return }
        let fault = slab[id.index].layer?.fault
        // Whatever ends the closing, TLS was the reason for it.
        let cause = slab[id.index].state.facts.contains(.tlsFailed) ? .tlsFailed : cause
        release(id)
        ended.append(Ended(id: id, cause: cause, fault: fault, proxyRefusal: proxyRefusal))
        seat?.group.changed(seat?.index ?? 0, by: -1)
    }

    /// Closes without a word.
    mutating func release(_ id: ConnectionID) {
        clearDeadline(id)
        slab[id.index].output.removeAll(to: &pool)
        slab[id.index].layer?.plaintext.removeAll(to: &pool)
        slab.end(id.index)
        limbo.append(id.slot)
    }
}
