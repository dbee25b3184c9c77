internal import CLinux

// Agreeing on TLS: so many steps in a tick, the newest connection first.
extension EventLoop where P: ~Copyable, T: ~Copyable {
    /// Lets a connection wait for its turn. It is not read meanwhile.
    mutating func queueHandshake(_ id: ConnectionID) {
        guard !slab[id.index].state.facts.contains(.queued) else { return }
        slab[id.index].state.facts.insert(.queued)
        touch(id)
        handshakes.add(id)
    }

    /// Reads a client's first message, which waits for its turn once it is whole.
    mutating func readHello(_ id: ConnectionID, _ layer: StreamLayer) {
        guard let port else { return }
        let buffer = unsafe UnsafeMutableRawBufferPointer(rebasing: port.ciphertext[..<layer.hello.room])
        switch unsafe slab[id.index].transport?.receive(into: buffer) ?? .wouldBlock {
        case .bytes(let count): unsafe takeHello(id, layer, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        case .wouldBlock: break
        case .end: leave(id, layer, isNew: layer.hello.held.isEmpty)
        case .failed(let error): broke(id, error)
        }
    }

    /// - Parameter bytes: no more than there is room for.
    mutating func takeHello(_ id: ConnectionID, _ layer: StreamLayer, _ bytes: UnsafeRawBufferPointer) {
        switch unsafe layer.hello.take(bytes) {
        case .needMore: break
        case .ready:
            layer.held = layer.hello.giveAll()
            queueHandshake(id)
        case .refused(let fault): fail(id, layer, fault)
        }
    }

    mutating func beginHandshakes() {
        enter(.handshakes)
        answeredHandshakes = 0
        handshakesBegan = poller.monotonicNow()
    }

    /// Whether this tick has a step left: a storm of handshakes takes a third of the time, and of an idle loop's all but
    /// what a tick costs. One signature a tick instead of four made 200 clients' handshakes a tenth slower, and the way of
    /// others' logs four times as fast.
    private var hasHandshakeLeft: Bool {
        if cursor == 0 { return true }
        let spent = poller.monotonicNow() &- handshakesBegan
        let share = answeredHandshakes == 0 ? .max : (handshakesBegan &- now) / 2
        return spent < min(share, limits.handshakeTime)
    }

    mutating func nextHandshake() -> LoopEvent? {
        while hasHandshakeLeft, let id = handshakes.next() {
            guard slab.isCurrent(id), let layer = slab[id.index].layer,
                slab[id.index].state.phase == .open, layer.stage == .handshake
            else { continue }
            cursor += 1
            slab[id.index].state.facts.remove(.queued)
            touch(id)
            if let event = handshake(id, layer) { return event }
        }
        restSecureListeners()
        enter(.handoffs)
        return nil
    }

    private mutating func handshake(_ id: ConnectionID, _ layer: StreamLayer) -> LoopEvent? {
        guard let port, let count = receiveHandshake(id, layer, port) else { return nil }
        if !layer.hasSession, let context = layer.context {
            layer.session = TLSSession.begin(context, port, expects: layer.serverName)
        }
        var input = unsafe UnsafeRawBufferPointer(rebasing: port.ciphertext[..<count])
        let before = slab[id.index].output.count
        let step = unsafe layer.session?.handshake(&input, &slab[id.index].output, &pool) ?? .failed(.failed(0))
        if slab[id.index].output.count > before {
            answeredHandshakes += 1
            outputAppeared(id)
        }
        switch step {
        case .wantsInput:
            // Left over, it came behind more messages than a handshake has.
            if unsafe !input.isEmpty { fail(id, layer, .flood) }
        case .ended: fail(id, layer, .peerLeft)
        case .failed(let fault): fail(id, layer, fault)
        case .done:
            counters.tlsHandshakes += 1
            layer.stage = .open
            // What came behind the handshake is here already, and the poller will not say so.
            unsafe layer.keep(input)
            if layer.hasUnread { readAgain(id) }
            return layer.isServer ? nil : .connected(id)
        }
        return nil
    }

    /// Brings what has come for the handshake to the port.
    /// - Returns: its bytes; nil when there is no step to be made, the connection having ended, perhaps.
    private mutating func receiveHandshake(_ id: ConnectionID, _ layer: StreamLayer, _ port: TLSPort) -> Int? {
        let room = ClientHelloReader.limit
        let buffer = unsafe port.ciphertext[..<room]
        let isNew = !layer.hasSession
        var count = min(layer.held.count, room)
        unsafe buffer.copyBytes(from: layer.held[..<count])
        layer.held = []
        if count == 0 {
            switch unsafe slab[id.index].transport?.receive(into: .init(rebasing: buffer)) ?? .wouldBlock {
            case .bytes(let received): count = received
            // A client begins without having heard anything.
            case .wouldBlock: return isNew && !layer.isServer ? 0 : nil
            case .end:
                leave(id, layer, isNew: isNew)
                return nil
            case .failed(let error):
                broke(id, error)
                return nil
            }
        }
        guard isNew, layer.isServer, count < room else { return count }
        // Before the step that costs a signature: whether anybody is there to be answered.
        switch unsafe slab[id.index].transport?.receive(into: .init(rebasing: buffer[count...])) ?? .wouldBlock {
        case .bytes(let received): return count + received
        case .wouldBlock: return count
        case .end: leave(id, layer, isNew: false)
        case .failed(let error): broke(id, error)
        }
        return nil
    }

    /// Who has said nothing at all was a health check, or lost its way.
    private mutating func leave(_ id: ConnectionID, _ layer: StreamLayer, isNew: Bool) {
        if !isNew { noteFailure(id, layer, .peerLeft) }
        end(id, .peerClosed)
    }
}
