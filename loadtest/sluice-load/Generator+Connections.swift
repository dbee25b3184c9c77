internal import Reactor
internal import WebSocketWire

/// Opening, reading and closing.
extension Generator {
    mutating func beginOpening() {
        stage = .opening
        lastStep = loop.now
        openMore()
    }

    private mutating func openMore() {
        while begun < connections.count, opening < Self.openingLimit {
            begun += 1
            open(begun - 1)
        }
        sendIfOpen()
        endIfOver()
    }

    private mutating func open(_ index: Int) {
        guard let key = ClientHandshake.makeKey() else { return refuse(index, .notStarted) }
        do throws(Errno) {
            let id = try loop.connect(to: addresses[connections[index].address])
            if id.index >= bySlot.count { bySlot += repeatElement(-1, count: id.index + 1 - bySlot.count) }
            bySlot[id.index] = index
            opening += 1
            connections[index].begin(id, ClientHandshake(key: key, subprotocols: arguments.subprotocols))
        } catch {
            refuse(index, .connect(error))
        }
    }

    mutating func refuse(_ index: Int, _ failure: ConnectionFailure) {
        connections[index].fail(failure)
        ended += 1
    }

    /// All connections begin to send at the same time.
    private mutating func sendIfOpen() {
        guard stage == .opening, begun == connections.count, opening == 0 else { return }
        stage = .sending
        started = loop.now
        for index in connections.indices where connections[index].phase == .open {
            if plan.rate == 0 { connections[index].due = connections[index].quota }
            markReady(index)
        }
    }

    mutating func connected(_ id: ConnectionID) {
        lastStep = loop.now
        let request = connections[bySlot[id.index]].connected(to: arguments.url)
        unsafe loop.send(id, request.utf8.span.bytes)
    }

    mutating func read(_ id: ConnectionID) {
        let index = bySlot[id.index]
        switch loop.receive(id, into: buffer) {
        case .bytes(let count): take(count, index, id)
        case .end:
            connections[index].peerEnded()
            loop.close(id)
        case .wouldBlock, .failed: break
        }
    }

    private mutating func take(_ count: Int, _ index: Int, _ id: ConnectionID) {
        let read = unsafe UnsafeRawBufferPointer(start: buffer.start, count: count)
        var offset = 0
        repeat {
            switch unsafe connections[index].next(read.bytes, at: &offset) {
            case .none: break
            case .opened: opened(index)
            case .pong(let payload): sendControl(id) { FrameWriter.append(pong: payload, mask: $0, to: &$1) }
            case .closed: loop.setDeadline(id, at: loop.now + Self.farewell)
            case .fail(let failure):
                answer(failure, id)
                loop.close(id)
                return
            }
        } while offset < count
    }

    private mutating func opened(_ index: Int) {
        lastStep = loop.now
        opening -= 1
        openMore()
    }

    /// A server that closes, or breaks the protocol, is told so (RFC 6455 sections 5.5.1 and 7.1.7).
    private mutating func answer(_ failure: ConnectionFailure, _ id: ConnectionID) {
        let code: CloseCode?
        switch failure {
        case .closedByServer(let theirs, _): code = theirs
        case .violation(let ours, _): code = ours
        default: return
        }
        sendControl(id) { FrameWriter.append(close: code, mask: $0, to: &$1) }
    }

    /// Every log is on its way: says so, and waits for the server to say that it has read them all.
    mutating func sendClose(_ index: Int) {
        guard let id = connections[index].id, connections[index].phase == .open else { return }
        connections[index].closeSent()
        sendControl(id) { FrameWriter.append(close: .normal, mask: $0, to: &$1) }
    }

    private mutating func sendControl(_ id: ConnectionID, _ write: (UInt32, inout [UInt8]) -> Void) {
        var frame: [UInt8] = []
        write(masks.next(), &frame)
        unsafe loop.send(id, frame.span.bytes)
    }

    mutating func closed(_ index: Int, _ cause: CloseCause) {
        lastStep = loop.now
        if connections[index].phase == .connecting || connections[index].phase == .handshaking { opening -= 1 }
        if case .connectFailed = cause, connections[index].triesNext(of: addresses.count) {
            open(index)
        } else {
            connections[index].ended(cause)
            ended += 1
        }
        if stage == .opening { openMore() }
        endIfOver()
    }
}
