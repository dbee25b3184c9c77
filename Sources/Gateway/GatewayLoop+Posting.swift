import Admission
import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

// HTTP POST on the routes: its body goes the way of a message, its answer waits until Kafka has what was in it.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    mutating func post(
        _ request: RequestHead,
        _ match: RouteMap.Match,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let policy = admission[listener: Int(state.listener), route: match.place].policy
        let crossOrigin = CrossOrigin.headers(request, policy)
        let guest: Guest?
        switch admit(request, match, from: requests.peer, id, listener: Int(state.listener)) {
        case .admitted(let who): guest = who
        case .refused(let refusal): return refuse(refusal, crossOrigin, id, &state)
        }
        state.route = match.route
        state.topic = policies[match.route].topic
        state.guest = guest
        state.phase = .posting
        counters.posting[match.route] += 1
        age(requests, id, &state)
        begin(request, crossOrigin, requests, id, &state)
    }

    /// A POST that was let in.
    private mutating func begin(
        _ request: RequestHead,
        _ crossOrigin: [(name: String, value: String)],
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let format: Result<PostRequest, PostRequest.Fault>
        do throws(PostRequest.Fault) { format = .success(try PostRequest(request)) } catch { format = .failure(error) }
        var coding = ContentCoding.identity
        if case .success(let format) = format { coding = format.coding }
        requests.posting = Posting(
            number: UInt64(requests.answered + 1),
            keepAlive: request.keepAlive && request.version == .http11,
            crossOrigin: crossOrigin,
            coding: coding
        )
        leaveHandshake(requests)
        let limit = policies[state.route].maxMessage
        switch format {
        case .failure(.type):
            return answer(.unsupportedType, .unsupportedType(PostRequest.types), requests, id, &state)
        case .failure(.coding):
            return answer(.unsupportedType, .unsupportedCoding(), requests, id, &state)
        case .success(let format):
            if let wait = debt(requests, state) {
                let text = "More was sent than this token or connection may send."
                return answer(.tooMany, .later(429, text, seconds: wait), requests, id, &state)
            }
            if case .length(let count) = request.bodyLength, count > limit {
                return answer(.tooLarge, .tooLarge("The body is longer than max_message."), requests, id, &state)
            }
            requests.reader.bodyLimits = BodyLimits(maxBytes: limit)
            if request.expectsContinue, request.bodyLength != .none { send(id, &state, Response.goOn) }
            reactor.setDeadline(id, at: reactor.now &+ configuration.messageTimeout)
            beginBody(.binary, split: format.split, of: id, &state)
        }
    }

    /// How many seconds the sender has to wait until it has paid for what it sent before.
    private mutating func debt(_ requests: Requests, _ state: borrowing ConnectionState) -> Int? {
        guard let guest = state.guest, guest.isMetered else { return nil }
        if let before = requests.guest { guest.goOn(from: before) }
        requests.guest = guest
        guard let (wait, reason) = guest.take(logs: 0, bytes: 0, at: reactor.now, shared.tokenRates) else { return nil }
        counters.slowed[Int(reason.rawValue)] += 1
        return Int(clamping: (wait &+ second &- 1) / second)
    }

    /// More of a body.
    ///
    /// - Parameter offset: behind the bytes; set back to the first that has to wait for the next tick.
    mutating func body(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        at offset: inout Int,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard let posting = requests.posting else { return }
        let guest = state.guest
        if let guest { beginMetering(guest, route: state.route) }
        let route = state.route
        receiving = ReceiptKey(owner: id.owner, number: posting.number)
        defer { receiving = nil }
        let taken = unsafe bytes.withUnsafeBytes { all in
            let piece = unsafe UnsafeRawBufferPointer(rebasing: all[range])
            return unsafe decode(piece, posting, requests, id, &state)
        }
        if let guest { charge(guest, route: route, wire: taken) }
        if posting.undecoded != nil { offset = range.lowerBound + taken }
    }

    /// - Returns: how many bytes were taken; the others are noted in `undecoded`.
    private mutating func decode(
        _ piece: UnsafeRawBufferPointer,
        _ posting: Posting,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> Int {
        guard let decoder = posting.decoder else {
            if let fault = unsafe feedBody(piece, of: id, &state) { stop(fault, requests, id, &state) }
            return piece.count
        }
        let output = unsafe UnsafeMutableRawBufferPointer(start: inflated.start, count: inflated.capacity)
        var taken = 0
        while true {
            if allowance.isUsedUp || !mayGrow(id) {
                posting.undecoded = piece.count - taken
                return taken
            }
            var produced = 0
            let before = taken
            let end = min(piece.count, taken + allowance.mostInput)
            let next = unsafe UnsafeRawBufferPointer(rebasing: piece[..<end])
            let step = unsafe decoder.decode(next, taken: &taken, into: output, produced: &produced)
            allowance.use(input: taken - before, output: produced)
            let decoded = unsafe UnsafeRawBufferPointer(rebasing: output[..<produced])
            if produced > 0, let fault = unsafe feedBody(decoded, of: id, &state) {
                stop(fault, requests, id, &state)
                return piece.count
            }
            switch step {
            case .needRoom: continue
            case .needInput where end < piece.count: continue
            case .needInput: return piece.count
            case .corrupt(let fault):
                stop(fault, requests, id, &state)
                return piece.count
            }
        }
    }

    /// The body is whole.
    mutating func bodyEnded(_ requests: Requests, _ id: ConnectionID, _ state: inout ConnectionState) {
        guard let posting = requests.posting else { return }
        if let decoder = posting.decoder, !decoder.finish() {
            return stop(DecodingFault.truncated, requests, id, &state)
        }
        if let guest = state.guest { beginMetering(guest, route: state.route) }
        receiving = ReceiptKey(owner: id.owner, number: posting.number)
        defer { receiving = nil }
        let (tally, fault) = endBody(of: id, &state)
        if let guest = state.guest { charge(guest, route: state.route, wire: 0) }
        if let fault { return stop(fault, requests, id, &state) }
        posting.tally = tally
        guard posting.outcome == nil else { return answerOutcome(requests, id, &state) }
        // Nothing more is read until it is answered. How long Kafka takes is not the client's fault.
        reactor.pauseReading(id)
        reactor.setDeadline(id, at: reactor.now &+ configuration.messageTimeout)
    }

    /// Logs of a connection that waits for them have their verdicts.
    mutating func settled(_ receipt: Receipt, of batch: Batch) {
        guard let connection = connection(ConnectionID(owner: receipt.owner)) else { return orphanSettled(receipt) }
        if let session = connection.state.guest?.acks { return settled(receipt, session, connection.id) }
        guard let requests = connection.state.requests, let posting = requests.posting,
            posting.number == receipt.firstNumber
        else { return }
        posting.settle(receipt, of: batch)
        guard posting.outcome != nil else { return }
        answerOutcome(requests, connection.id, &connection.state)
        guard connection.state.phase == .handshake else { return }
        reactor.resumeReading(connection.id)
        if requests.rest != nil { reactor.readAgain(connection.id) }
    }

    private mutating func answerOutcome(_ requests: Requests, _ id: ConnectionID, _ state: inout ConnectionState) {
        guard let outcome = requests.posting?.outcome else { return }
        answer(outcome.status, outcome.response, requests, id, &state)
    }

    /// The time for a POST is over.
    mutating func postIsLate(_ requests: Requests, _ id: ConnectionID, _ state: inout ConnectionState) {
        guard let posting = requests.posting else { return }
        if posting.tally == nil, state.pause == .none {
            let text = "The body was not whole in time (message_timeout)."
            return answer(.timeout, .text(PostStatus.timeout.code, text), requests, id, &state)
        }
        let text = "It was not stored in time. What is sent again may be stored twice."
        answer(.unavailable, .later(PostStatus.unavailable.code, text, seconds: 5), requests, id, &state)
    }

    /// Says what became of the POST that is under way. Behind an answer that came before the end of its body the
    /// connection closes.
    mutating func answer(
        _ status: PostStatus,
        _ response: Response,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard let posting = requests.posting else { return }
        requests.posting = nil
        counters.posts[Int(status.rawValue)] += 1
        dropMessage(id, &state)
        leavePlaces(state.guest)
        counters.posting[state.route] -= 1
        formerTopics.noteEnd()
        state.guest = nil
        state.route = -1
        state.topic = -1
        var response = response
        response.headers += posting.crossOrigin
        let keepAlive = posting.keepAlive && posting.tally != nil && status != .unavailable
        respond(response, keepAlive: keepAlive, requests, id, &state)
    }

    private mutating func stop(
        _ fault: ContentFault,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let status: PostStatus = fault.code == .messageTooBig ? .tooLarge : .badRequest
        answer(status, .refusal(status: status.code, reason: fault.reason), requests, id, &state)
    }

    private mutating func stop(
        _ fault: DecodingFault,
        _ requests: Requests,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let status: PostStatus = fault == .noMemory ? .unavailable : .badRequest
        answer(status, .refusal(status: status.code, reason: fault), requests, id, &state)
    }

    /// A POST that is not let in.
    private mutating func refuse(
        _ refusal: Refusal,
        _ crossOrigin: [(name: String, value: String)],
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let status: PostStatus =
            switch refusal.reason {
            case .origin: .forbidden
            case .unauthorized: .unauthorized
            case .tooMany: .tooMany
            default: .unavailable
            }
        counters.posts[Int(status.rawValue)] += 1
        var response = refusal.response
        response.headers += crossOrigin
        respond(id, &state, response)
    }
}

extension ConnectionID {
    /// As receipts name it.
    var owner: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    init(owner: UInt64) {
        self.init(slot: UInt32(truncatingIfNeeded: owner), generation: UInt32(truncatingIfNeeded: owner >> 32))
    }
}
