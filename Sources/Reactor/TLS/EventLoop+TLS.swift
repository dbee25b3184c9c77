// TLS between a connection's socket and its owner.
extension EventLoop where P: ~Copyable, T: ~Copyable {
    /// Reads once and decrypts all of it. What does not fit is reported again in the next tick, before which nothing
    /// is read from the socket: it would be forgotten otherwise, since the poller knows only of the socket.
    mutating func decrypt(_ id: ConnectionID, _ layer: StreamLayer, into buffer: borrowing ReadBuffer) -> IOResult {
        guard let port else { return .wouldBlock }
        if layer.hasUnread {
            let held = layer.held
            layer.held = []
            return unsafe held.withUnsafeBytes { unsafe decrypt(id, layer, port, $0, into: buffer) }
        }
        if slab[id.index].state.facts.contains(.readEnded) { return .end }
        let room = Self.readSize(for: buffer.capacity)
        let ciphertext = unsafe UnsafeMutableRawBufferPointer(rebasing: port.ciphertext[..<room])
        switch unsafe slab[id.index].transport?.receive(into: ciphertext) ?? .wouldBlock {
        case .bytes(let count):
            let received = unsafe UnsafeRawBufferPointer(rebasing: ciphertext[..<count])
            return unsafe decrypt(id, layer, port, received, into: buffer)
        case .wouldBlock: return .wouldBlock
        case .end:
            _ = slab[id.index].state.inputEnded()
            touch(id)
            return .end
        case .failed(let error):
            broke(id, error)
            return .failed(error)
        }
    }

    /// So much ciphertext that its plaintext, and that of a record begun before, fits; of a small buffer a half.
    static func readSize(for capacity: Int) -> Int {
        let safe = capacity - TLSPort.recordSize
        return safe >= capacity / 2 ? min(TLSPort.readSize, safe) : max(1, capacity / 2)
    }

    private mutating func decrypt(
        _ id: ConnectionID,
        _ layer: StreamLayer,
        _ port: TLSPort,
        _ received: UnsafeRawBufferPointer,
        into buffer: borrowing ReadBuffer
    ) -> IOResult {
        var input = unsafe received
        let before = slab[id.index].output.count
        var produced = 0
        var messages = 0
        var isDry = false
        var fault: TLSFault?
        while !isDry, fault == nil, produced < buffer.capacity {
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.writable[produced...])
            switch unsafe layer.session?.read(into: room, &input, &slab[id.index].output, &pool) {
            case .done(let count): produced += count
            case nil, .wantsInput: isDry = true
            case .ended:
                layer.stage = .ended
                isDry = true
            case .failed(let cause): fault = cause
            }
            messages += port.messages
            if messages > TLSPort.messageLimit { fault = .flood }
        }
        layer.answered += slab[id.index].output.count - before
        if layer.answered > TLSPort.answerLimit { fault = fault ?? .flood }
        if let fault {
            fail(id, layer, fault)
            return produced > 0 ? .bytes(produced) : .wouldBlock
        }
        if slab[id.index].output.count > before { outputAppeared(id) }
        if !isDry { unsafe layer.keep(input) }
        // The end is told with the next read, or with this one when it is all there is.
        if layer.stage == .ended { layer.hasUnread = produced > 0 } else if isDry { layer.hasUnread = false }
        if layer.hasUnread { readAgain(id) }
        if produced > 0 { return .bytes(produced) }
        return layer.stage == .ended ? .end : .wouldBlock
    }

    /// Encrypts what waits to be sent.
    mutating func encrypt(_ id: ConnectionID) {
        guard let layer = slab[id.index].layer else { return }
        while layer.plaintext.count > 0 {
            let piece = unsafe layer.plaintext.first
            switch unsafe layer.session?.write(piece, &slab[id.index].output, &pool) {
            case .done(let count): layer.plaintext.drop(first: count, to: &pool)
            case .failed(let fault): return fail(id, layer, fault)
            // Nothing that is written waits for anything to be read: there is no renegotiation.
            case nil, .wantsInput, .ended: return fail(id, layer, .failed(0))
            }
        }
    }

    /// The owner closes: what is left is encrypted, and close_notify comes behind it.
    mutating func finishLayer(_ id: ConnectionID) {
        guard let layer = slab[id.index].layer, slab[id.index].state.phase == .open,
            layer.stage == .open || layer.stage == .ended, !slab[id.index].state.facts.contains(.outputDead)
        else { return }
        encrypt(id)
        guard slab.isCurrent(id), !slab[id.index].state.isClosing else { return }
        layer.session?.finish(&slab[id.index].output, &pool)
        // Its buffers are not needed for what is only sent and thrown away.
        layer.session = nil
        if slab[id.index].output.count > 0 { outputAppeared(id) }
    }

    /// OpenSSL has written something by itself.
    mutating func outputAppeared(_ id: ConnectionID) {
        if slab[id.index].state.facts.contains(.outputDead) { return dropOutput(id) }
        slab[id.index].state.facts.insert(.hasOutput)
        queueFlush(id)
    }

    /// Closes after what OpenSSL has still to say: its alert. `closed` follows.
    mutating func fail(_ id: ConnectionID, _ layer: StreamLayer, _ fault: TLSFault) {
        guard slab.isCurrent(id), !slab[id.index].state.isClosing else { return }
        layer.plaintext.removeAll(to: &pool)
        layer.held = []
        layer.hello = ClientHelloReader()
        layer.hasUnread = false
        layer.session = nil
        noteFailure(id, layer, fault)
        if case .plainHTTP = fault {
            let answer = Self.plainHTTPAnswer
            unsafe slab[id.index].output.append(answer.span.bytes, from: &pool)
        }
        if slab[id.index].output.count > 0 {
            outputAppeared(id)
        } else {
            // What was queued was plaintext, and is gone: nothing would ever report it as sent.
            slab[id.index].state.facts.remove(.hasOutput)
        }
        beginClosing(id)
    }

    mutating func noteFailure(_ id: ConnectionID, _ layer: StreamLayer, _ fault: TLSFault) {
        layer.fault = fault
        counters.tlsFailures += 1
        slab[id.index].state.facts.insert(.tlsFailed)
    }

    private static var plainHTTPAnswer: [UInt8] {
        let text = "This port speaks TLS: use https or wss.\n"
        return Array(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
                .utf8
        )
    }
}
