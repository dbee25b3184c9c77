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
        let hasPlace = shared.enter(atMost: configuration.maxConnections)
        let circumstances = Upgrade.Circumstances(
            isDraining: draining != nil || shared.isDraining,
            isFull: !hasPlace
        )
        let (policies, flusher) = (policies, flusher)
        let isDeliverable = { (route: Int) in
            let topic = policies[route].topic
            return topic < 0 || flusher.health(of: TopicIndex(rawValue: topic)) == .healthy
        }
        switch upgrade.decide(request, circumstances, isDeliverable: isDeliverable) {
        case .refuse(let reason, let response):
            if hasPlace { shared.leave() }
            counters.refused[Int(reason.rawValue)] += 1
            respond(id, &state, response, answeringHEAD: request.method == "HEAD")
        case .accept(let route, let response, let deflate):
            send(id, &state, response)
            upgraded(request, to: route, deflate, id, &state)
        }
    }

    /// From here on it is a WebSocket.
    private mutating func upgraded(
        _ request: RequestHead,
        to route: Int,
        _ deflate: DeflateParameters?,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        state.head = nil
        state.phase = .open
        state.route = route
        state.topic = policies[route].topic
        if let deflate {
            state.reader = FrameReader(role: .server, allowsCompression: true)
            state.inflation = Inflation(deflate)
        }
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
}
