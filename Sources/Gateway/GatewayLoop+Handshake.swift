import Admission
import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

// What a request head makes of a connection.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    mutating func decide(
        _ request: RequestHead,
        _ requests: Requests,
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard let match = routes.find(request.path) else {
            return refuse(Refusal(.notFound, 404, routes.absence(of: request.path)), request, id, &state)
        }
        switch request.method {
        case "POST":
            post(request, match, requests, id, &state)
        case "OPTIONS":
            let rule = admission[listener: Int(state.listener), route: match.place]
            let keepAlive = request.keepAlive && request.version == .http11 && request.bodyLength == .none
            respond(CrossOrigin.preflight(request, rule.policy), keepAlive: keepAlive, requests, id, &state)
        case "GET", "HEAD":
            upgrade(request, match, id, &state)
        default:
            counters.refused[Int(RefusalReason.notUpgrade.rawValue)] += 1
            respond(id, &state, .methodNotAllowed(RouteMethods.all))
        }
    }

    private mutating func upgrade(
        _ request: RequestHead,
        _ match: RouteMap.Match,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        switch upgrade.decide(request) {
        case .refuse(let refusal):
            refuse(refusal, request, id, &state)
        case .accept(let agreement):
            switch admit(request, match, from: state.requests?.peer, id, listener: Int(state.listener)) {
            case .admitted(let guest):
                let session = agreement.resume.map { self.session($0, route: match.route, guest) }
                if let session, !take(session, id) {
                    leavePlaces(guest)
                    return refuse(.tooManySessions, request, id, &state)
                }
                upgraded(request, to: match.route, guest, agreement, session, id, &state)
            case .refused(let refusal):
                refuse(refusal, request, id, &state)
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
        _ session: AckSession?,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        send(id, &state, agreement.response)
        leaveRequests(&state)
        state.phase = .open
        state.route = route
        state.topic = policies[route].topic
        if let deflate = agreement.deflate {
            state.reader = FrameReader(role: .server, allowsCompression: true)
            state.inflation = Inflation(deflate)
        }
        state.guest = guest
        if let session { acknowledge(session, id, &state) }
        if let guest { beginMetering(guest, route: route) }
        counters.accepted += 1
        counters.connections[route] += 1
        beginAgeing(id, &state)
        schedule(id, &state)
    }

    /// Numbers the messages of the connection from the first one on.
    private mutating func acknowledge(_ session: AckSession, _ id: ConnectionID, _ state: inout ConnectionState) {
        let places = Places(isCounted: true)
        let guest =
            state.guest ?? Guest(identity: nil, limits: ConnectionLimits(), places: places, now: reactor.now)
        guest.acks = session
        state.guest = guest
        if case .waiting = session.tenure { pause(id, &state, .session) } else { lend(session, id) }
    }

    /// Answers and closes.
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
    mutating func enterHandshake(_ requests: Requests) -> Bool {
        requests.isCounted = true
        guard let peer = requests.peer?.ip, !isTrusted(peer) else { return true }
        let address = peer.subscriber
        guard shared.handshakes.enter(address, atMost: configuration.handshakesPerAddress) else { return false }
        requests.address = address
        return true
    }

    /// Somebody has been let in, or is gone.
    mutating func leaveHandshake(_ requests: Requests) {
        guard let address = requests.address else { return }
        shared.handshakes.leave(address)
        requests.address = nil
    }

    /// The time of requests is over, one way or the other.
    mutating func leaveRequests(_ state: inout ConnectionState) {
        guard let requests = state.requests else { return }
        leaveHandshake(requests)
        dropRest(requests)
        state.requests = nil
    }

    /// Everybody behind a trusted proxy has its address.
    private func isTrusted(_ address: IPAddress) -> Bool {
        configuration.trustedProxies.contains { $0.contains(address) }
    }
}
