internal import Reactor
internal import WebSocketWire

/// Opening, reading and closing.
extension Generator {
    mutating func beginOpening() {
        stage = .opening
        lastStep = loop.now
        outcome.openingBegan = loop.now
        openMore()
    }

    /// Opens what may be opened by now, over all loops at the pace of `--ramp-up`.
    mutating func openMore() {
        let limit = max(1, (setup.security == nil ? Self.openingLimit : Self.secureOpeningLimit) / share.count)
        while stage == .opening, begun < connections.count, opening < limit {
            let time = openingTime(begun)
            guard time <= loop.now else {
                loop.setTimer(Self.openTimer, at: time)
                break
            }
            begun += 1
            open(begun - 1)
        }
        noteOpened()
        endIfOver()
    }

    private func openingTime(_ index: Int) -> UInt64 {
        let part = Double(share.global(index)) / Double(setup.plan.connections)
        return outcome.openingBegan + UInt64(part * Double(arguments.rampUp))
    }

    private mutating func open(_ index: Int) {
        guard let key = ClientHandshake.makeKey() else { return refuse(index, .notStarted) }
        let sources = setup.sources
        do throws(Errno) {
            let id = try loop.connect(
                to: setup.addresses[connections[index].address],
                from: sources.isEmpty ? nil : sources[share.global(index) % sources.count],
                security: setup.security,
                serverName: setup.serverName
            )
            if id.index >= bySlot.count { bySlot += repeatElement(-1, count: id.index + 1 - bySlot.count) }
            bySlot[id.index] = index
            opening += 1
            connections[index].began = loop.now
            connections[index].begin(id, handshake(key))
        } catch {
            refuse(index, .connect(error))
        }
    }

    private func handshake(_ key: String) -> ClientHandshake {
        guard arguments.offersDeflate else { return ClientHandshake(key: key, subprotocols: arguments.subprotocols) }
        var terms = DeflateTerms()
        terms.clientMaxWindowBits = .any
        // What answers cost is not what is measured; browsers offer no more than the window.
        terms.serverNoContextTakeover = profile != .browser
        return ClientHandshake(key: key, subprotocols: arguments.subprotocols, deflate: terms)
    }

    mutating func refuse(_ index: Int, _ failure: ConnectionFailure) {
        connections[index].fail(failure)
        connections[index].ended(.aborted)
        ended += 1
    }

    private mutating func noteOpened() {
        guard stage == .opening, begun == connections.count, opening == 0 else { return }
        stage = .opened
        outcome.openingEnded = loop.now
        news.post(.opened)
    }

    /// All connections begin to send at the same time.
    mutating func beginSending(at time: UInt64) {
        guard stage == .opened else { return }
        stage = .sending
        started = time
        lastStep = loop.now
        if let interval = arguments.pingInterval { loop.setTimer(Self.pingTimer, at: loop.now + interval) }
        for index in connections.indices {
            if arguments.rate == 0 { connections[index].due = connections[index].quota }
            if connections[index].phase == .open { markReady(index) }
        }
        endIfOver()
    }

    mutating func connected(_ id: ConnectionID) {
        lastStep = loop.now
        let index = bySlot[id.index]
        let request = connections[index].connected(
            to: arguments.url,
            target: arguments.sessions ? sessionTarget(index) : nil,
            headers: arguments.headers
        )
        unsafe loop.send(id, request.utf8.span.bytes)
    }

    /// Path and query that name the connection's session, and the first log that follows.
    private func sessionTarget(_ index: Int) -> String {
        let target = arguments.url.target
        let name = "\(String(decoding: setup.run, as: UTF8.self))-\(share.global(index))"
        let from = connections[index].answers.answered + 1
        return "\(target)\(target.contains("?") ? "&" : "?")session=\(name)&from=\(from)"
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
            switch unsafe connections[index].next(read.bytes, at: &offset, replyReader) {
            case .none: break
            case .opened: opened(index, id)
            case .pong(let payload): pong(payload, id)
            case .reply(let reply): take(reply, index)
            case .closed: loop.setDeadline(id, at: loop.now + Self.farewell)
            case .fail(let failure):
                answer(failure, id)
                loop.close(id)
                return
            }
        } while offset < count
    }

    private mutating func opened(_ index: Int, _ id: ConnectionID) {
        lastStep = loop.now
        opening -= 1
        progress.open += 1
        outcome.handshakes.record(loop.now - connections[index].began)
        if profile.listening == .deaf { loop.pauseReading(id) }
        if stage == .sending { markReady(index) } else { openMore() }
    }

    /// telegraf's pongs carry nothing.
    private mutating func pong(_ payload: ControlPayload, _ id: ConnectionID) {
        let payload = profile == .telegraf ? ControlPayload() : payload
        sendControl(id) { FrameWriter.append(pong: payload, mask: $0, to: &$1) }
    }

    mutating func ping() {
        guard stage == .sending, let interval = arguments.pingInterval else { return }
        loop.setTimer(Self.pingTimer, at: loop.now + interval)
        for index in connections.indices where connections[index].phase == .open {
            guard let id = connections[index].id else { continue }
            sendControl(id) { FrameWriter.append(ping: ControlPayload(), mask: $0, to: &$1) }
        }
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
        guard profile.saysClose else {
            connections[index].hangsUp()
            loop.close(id)
            return
        }
        connections[index].closeSent()
        loop.setDeadline(id, at: .max)
        sendControl(id) { FrameWriter.append(close: .normal, mask: $0, to: &$1) }
    }

    private mutating func sendControl(_ id: ConnectionID, _ write: (UInt32, inout [UInt8]) -> Void) {
        var frame: [UInt8] = []
        write(profile.mask ?? masks.next(), &frame)
        unsafe loop.send(id, frame.span.bytes)
    }

    mutating func deadline(_ id: ConnectionID) {
        let index = bySlot[id.index]
        guard connections[index].phase == .open else { return loop.close(id) }
        if profile.listening == .acks { connections[index].fail(.unanswered(connections[index].answers.waiting)) }
        sendClose(index)
    }

    mutating func closed(_ index: Int, _ cause: CloseCause) {
        lastStep = loop.now
        switch connections[index].phase {
        case .connecting, .handshaking: opening -= 1
        case .open, .closing, .closed: progress.open -= 1
        case .waiting, .ended: break
        }
        if case .connectFailed = cause, connections[index].triesNext(of: setup.addresses.count) {
            open(index)
        } else {
            connections[index].ended(cause, loop.closedFault)
            if !comesBack(index) { ended += 1 }
        }
        if stage == .opening { openMore() }
        endIfOver()
    }

    /// Some senders return after a while, with what they have kept or without.
    private mutating func comesBack(_ index: Int) -> Bool {
        guard stage == .sending, !isEnding, connections[index].failure != nil, let delay = arguments.reconnectDelay,
            connections[index].sent < connections[index].quota || connections[index].answers.waiting > 0
        else { return false }
        connections[index].comesBack()
        outcome.reconnects += 1
        if profile.listening == .acks {
            connections[index].sent = connections[index].answers.startAgain(goesOn: arguments.sessions)
        }
        returning.append((index, loop.now + delay))
        loop.setTimer(Self.tickTimer, at: loop.now + min(delay, Self.tickLength))
        return true
    }

    mutating func returnDue() {
        while let first = returning.first, first.at <= loop.now {
            returning.removeFirst()
            open(first.index)
        }
    }
}
