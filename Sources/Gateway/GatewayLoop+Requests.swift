import HTTPWire
import Reactor
import WebSocketWire

// Requests, one after the other, until one makes a WebSocket of the connection.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Takes what is there of requests. When the connection is a WebSocket afterwards, its frames begin at the offset.
    mutating func requests(
        _ bytes: RawSpan,
        at offset: inout Int,
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard let requests = state.requests else { return }
        allowance.begin(tick: reactor.counters.ticks)
        if let count = requests.posting?.undecoded {
            requests.posting?.undecoded = nil
            offset = count
            body(bytes, 0..<count, at: &offset, requests, id, &state)
        }
        while isReading(requests, state) {
            switch requests.reader.next(bytes, at: &offset) {
            case .needMore:
                return
            case .head(let request):
                decide(request, requests, of: id, &state)
                if state.phase == .open { return }
                // Its body comes in the same read, unlike the first message of a WebSocket.
                if state.phase == .posting, waitsForTopic(id, &state) { break }
            case .body(let range):
                body(bytes, range, at: &offset, requests, id, &state)
            case .end:
                if requests.posting != nil { bodyEnded(requests, id, &state) }
            case .refused(let fault):
                refused(fault, requests, id, &state)
            }
        }
        keepRest(bytes, from: offset, requests, id, state)
    }

    /// Whether more of a read is for now: not behind a request that waits for its answer.
    private func isReading(_ requests: Requests, _ state: borrowing ConnectionState) -> Bool {
        switch state.phase {
        case .handshake: true
        case .posting:
            state.pause == .none && requests.posting?.tally == nil && requests.posting?.undecoded == nil
        case .open, .closing, .ended: false
        }
    }

    /// A request that cannot be read on.
    private mutating func refused(
        _ fault: RequestFault,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let response = Response.refusal(status: fault.status, reason: fault)
        guard requests.posting == nil else {
            return answer(fault.status == 413 ? .tooLarge : .badRequest, response, requests, id, &state)
        }
        counters.refused[Int(RefusalReason.badRequest.rawValue)] += 1
        respond(id, &state, response)
    }

    /// Keeps what is behind the bytes that were taken, until its turn comes.
    private mutating func keepRest(
        _ bytes: RawSpan,
        from offset: Int,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: borrowing ConnectionState
    ) {
        guard state.phase == .handshake || state.phase == .posting else { return }
        let isUndecoded = requests.posting?.undecoded != nil
        // A request that waits behind its head and has no body is gone on with all the same.
        guard offset < bytes.byteCount || isUndecoded || state.pause != .none else { return }
        let tick = reactor.counters.ticks
        unsafe bytes.withUnsafeBytes { all in
            requests.rest = unsafe Carry(UnsafeRawBufferPointer(rebasing: all[offset...]), tick: tick)
        }
        partial.reserve(bytes.byteCount - offset)
        if isUndecoded { reactor.readAgain(id) }
    }

    /// Forgets what was left of a read.
    mutating func dropRest(_ requests: Requests) {
        guard let rest = requests.rest else { return }
        partial.release(rest.count)
        requests.rest = nil
    }

    /// After the rest of a read: what TLS still holds comes next, and the poller does not know of it.
    mutating func readOn(_ id: ConnectionID, _ state: borrowing ConnectionState) {
        guard !state.isCarrying, state.pause == .none, state.requests?.posting?.tally == nil else { return }
        reactor.resumeReading(id)
    }

    /// Goes on with what was left of a read.
    mutating func goOn(_ rest: Carry, _ requests: Requests, of id: ConnectionID, _ state: inout ConnectionState) {
        // The socket may have something to say in the same tick.
        guard rest.tick != reactor.counters.ticks else { return reactor.readAgain(id) }
        dropRest(requests)
        refreshStamp()
        withExtendedLifetime(rest) {
            let bytes = unsafe UnsafeRawBufferPointer(start: rest.base, count: rest.count)
            unsafe consume(bytes.bytes, of: id, &state)
        }
    }

    /// Answers, and closes or waits for the next request.
    mutating func respond(
        _ response: Response,
        keepAlive: Bool,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        // Whoever asks and never reads the answers is not to be answered for ever.
        guard keepAlive, !requests.isLast, draining == nil, reactor.pendingOutput(id) < Self.replyBound,
            requests.address != nil || enterHandshake(requests)
        else {
            return respond(id, &state, response)
        }
        var response = response
        response.keepAlive = true
        send(id, &state, response.serialised())
        requests.answered += 1
        state.phase = .handshake
        reactor.setDeadline(id, at: reactor.now &+ configuration.handshakeTimeout)
    }
}
