internal import CLinux

// What stands between a connection's socket and its owner.
extension EventLoop where P: ~Copyable, T: ~Copyable {
    /// Of a connection just accepted. One that comes from no trusted proxy is closed at once.
    mutating func addLayer(_ id: ConnectionID, _ rules: ListenerRules) {
        if let proxies = rules.proxies {
            let peer = slab.peer(id.index)
            if !Self.isTrusted(peer, proxies) { return refuse(id, .stranger(peer?.ip)) }
        }
        if rules.security != nil { usePort() }
        slab[id.index].layer = StreamLayer(accepting: rules)
        slab[id.index].state.facts.insert(.layered)
    }

    private mutating func refuse(_ id: ConnectionID, _ refusal: ProxyRefusal) {
        counters.proxyRefusals += 1
        end(id, .proxyRefused, refusal)
    }

    /// A unix socket has no address, and nobody comes to it from outside.
    private static func isTrusted(_ peer: PeerAddress?, _ proxies: [IPRange]) -> Bool {
        guard let peer else { return false }
        guard let address = peer.ip else { return true }
        return proxies.contains { $0.contains(address) }
    }

    mutating func usePort() {
        if port == nil { port = TLSPort() }
    }

    /// Goes on with what came; the owner hears of it once there is something for it.
    mutating func advance(_ id: ConnectionID) -> LoopEvent? {
        guard let layer = slab[id.index].layer else { return nil }
        switch layer.stage {
        case .header: return readHeader(id, layer)
        case .handshake where !layer.hasSession && layer.isServer: readHello(id, layer)
        case .handshake: queueHandshake(id)
        case .ended: discardAfterEnd(id)
        case .open, .plain: return .readable(id)
        }
        return nil
    }

    private mutating func readHeader(_ id: ConnectionID, _ layer: StreamLayer) -> LoopEvent? {
        unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            switch unsafe slab[id.index].transport?.receive(into: buffer) ?? .wouldBlock {
            case .bytes(let count):
                let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
                return unsafe takeHeader(id, layer, bytes)
            case .wouldBlock: break
            case .end:
                // A health check connects and leaves.
                end(id, .peerClosed)
            case .failed(let error): broke(id, error)
            }
            return nil
        }
    }

    private mutating func takeHeader(
        _ id: ConnectionID,
        _ layer: StreamLayer,
        _ bytes: UnsafeRawBufferPointer
    ) -> LoopEvent? {
        var offset = 0
        switch unsafe layer.header?.next(bytes.bytes, at: &offset) {
        case nil, .needMore: return nil
        case .refused(let fault):
            refuse(id, .header(fault))
            return nil
        case .header(let header):
            layer.header = nil
            layer.client = header.source
            unsafe layer.held = Array(bytes[offset...])
        }
        if layer.context != nil {
            layer.stage = .handshake
            let held = layer.held
            layer.held = []
            if !held.isEmpty { unsafe held.withUnsafeBytes { unsafe takeHello(id, layer, $0) } }
            return nil
        }
        layer.stage = .plain
        guard layer.held.isEmpty else {
            layer.hasUnread = true
            return .readable(id)
        }
        slab[id.index].state.facts.remove(.layered)
        return nil
    }

    mutating func receiveLayered(_ id: ConnectionID, into buffer: borrowing ReadBuffer) -> IOResult {
        guard let layer = slab[id.index].layer else { return .wouldBlock }
        switch layer.stage {
        case .header, .handshake: return .wouldBlock
        case .open: return decrypt(id, layer, into: buffer)
        case .ended:
            layer.hasUnread = false
            return .end
        case .plain: return takeHeld(id, layer, into: buffer)
        }
    }

    /// What came behind a PROXY header in the same read; after it the connection is like any other.
    private mutating func takeHeld(
        _ id: ConnectionID,
        _ layer: StreamLayer,
        into buffer: borrowing ReadBuffer
    ) -> IOResult {
        let count = min(layer.held.count, buffer.capacity)
        unsafe buffer.writable.copyBytes(from: layer.held[..<count])
        layer.held.removeFirst(count)
        layer.hasUnread = !layer.held.isEmpty
        if layer.hasUnread {
            readAgain(id)
        } else {
            layer.held = []
            slab[id.index].state.facts.remove(.layered)
        }
        return count > 0 ? .bytes(count) : .wouldBlock
    }

    /// Behind close_notify nothing is for the owner; what is waited for is the FIN.
    private mutating func discardAfterEnd(_ id: ConnectionID) {
        switch slab[id.index].transport?.discard(upTo: limits.discardPerTick) ?? .wouldBlock {
        case .bytes, .wouldBlock: break
        case .end:
            _ = slab[id.index].state.inputEnded()
            touch(id)
        case .failed(let error): broke(id, error)
        }
    }

    /// Queued bytes, encrypted or not.
    func queued(_ index: Int) -> Int {
        slab[index].output.count + (slab[index].layer?.plaintext.count ?? 0)
    }

    /// - Returns: false when there is nobody to send it to yet.
    mutating func appendLayered(_ id: ConnectionID, _ bytes: RawSpan) -> Bool {
        guard let layer = slab[id.index].layer else { return false }
        switch layer.stage {
        case .open, .ended: layer.plaintext.append(bytes, from: &pool)
        case .plain: slab[id.index].output.append(bytes, from: &pool)
        case .header, .handshake: return false
        }
        return true
    }
}
