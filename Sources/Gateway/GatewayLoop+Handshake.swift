import Admission
import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

// The request head, and what it makes of a connection.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    mutating func handshake(
        _ bytes: RawSpan,
        at offset: inout Int,
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard let head = state.head else { return }
        switch head.reader.next(bytes, at: &offset) {
        case .needMore:
            break
        case .refused(let status, let fault):
            counters.refused[Int(RefusalReason.badRequest.rawValue)] += 1
            respond(id, &state, Response.refusal(status: status, reason: fault))
        case .head(let request):
            decide(request, of: id, &state)
        }
    }

    private mutating func decide(_ request: RequestHead, of id: ConnectionID, _ state: inout ConnectionState) {
        guard let match = routes.find(request.path) else {
            return refuse(Refusal(.notFound, 404, routes.absence(of: request.path)), request, id, &state)
        }
        switch upgrade.decide(request) {
        case .refuse(let refusal):
            refuse(refusal, request, id, &state)
        case .accept(let agreement):
            switch admit(request, match, id, listener: Int(state.listener)) {
            case .open: upgraded(request, to: match.route, nil, agreement, id, &state)
            case .guest(let guest): upgraded(request, to: match.route, guest, agreement, id, &state)
            case .refused(let refusal):
                let refusal = Refusal(refusal)
                sayRefused(refusal, id, route: match.route)
                refuse(refusal, request, id, &state)
            case .full(let full): refuse(Refusal(full), request, id, &state)
            case .notReady(let text): refuse(.notReady(text), request, id, &state)
            }
        }
    }

    private mutating func refuse(
        _ refusal: Refusal,
        _ request: RequestHead,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        counters.refused[Int(refusal.reason.rawValue)] += 1
        respond(id, &state, refusal.response, answeringHEAD: request.method == "HEAD")
    }

    /// From here on it is a WebSocket.
    private mutating func upgraded(
        _ request: RequestHead,
        to route: Int,
        _ guest: Guest?,
        _ agreement: Upgrade.Agreement,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        send(id, &state, agreement.response)
        leaveHandshake(&state)
        state.phase = .open
        state.route = route
        state.topic = policies[route].topic
        if let deflate = agreement.deflate {
            state.reader = FrameReader(role: .server, allowsCompression: true)
            state.inflation = Inflation(deflate)
        }
        state.guest = guest
        if let guest { beginMetering(guest, route: route) }
        counters.accepted += 1
        counters.connections[route] += 1
        schedule(id, &state)
    }

    mutating func respond(
        _ id: ConnectionID,
        _ state: inout ConnectionState,
        _ response: Response,
        answeringHEAD: Bool = false
    ) {
        send(id, &state, response.serialised(answeringHEAD: answeringHEAD))
        finish(id, &state)
    }

    /// Counts a connection among those of its address that have not upgraded.
    /// - Returns: false when there are too many: it is to be closed.
    mutating func enterHandshake(_ id: ConnectionID, _ head: HandshakeReader) -> Bool {
        head.isCounted = true
        guard let address = reactor.peer(id)?.ip?.subscriber, !isTrusted(address) else { return true }
        guard shared.handshakes.enter(address, atMost: configuration.handshakesPerAddress) else { return false }
        head.address = address
        return true
    }

    /// The handshake is over, one way or the other.
    mutating func leaveHandshake(_ state: inout ConnectionState) {
        if let address = state.head?.address { shared.handshakes.leave(address) }
        state.head = nil
    }

    /// Everybody behind a trusted proxy has its address.
    private func isTrusted(_ address: IPAddress) -> Bool {
        configuration.trustedProxies.contains { $0.contains(address) }
    }
}
