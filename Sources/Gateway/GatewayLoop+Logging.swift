import LogPipeline
import Reactor
import Telemetry
import WebSocketWire

// What the loop says in Sluice's own log; never a log's content.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// A log was dropped: the first of its reason in ten seconds is named, the others are counted.
    mutating func sayDropped(_ reason: DropReason, size: Int, _ id: ConnectionID, route: Int) {
        let limit = limit(of: reason, route: route)
        if isNumbering { numbering.dropped(reason, size: size, limit: limit) }
        guard let repeated = dropGates[Int(reason.rawValue)].pass(at: reactor.now) else { return }
        logger.warning(
            "log.dropped",
            [
                "reason": reason.label, "route": configuration.routes[route].path, "size": String(size),
                "limit": limit > 0 ? String(limit) : "-", "peer": reactor.peer(of: id) ?? "-",
                "repeated": String(repeated),
            ]
        )
    }

    /// What a log is measured against, bytes; 0 for nothing.
    func limit(of reason: DropReason, route: Int) -> Int {
        switch reason {
        case .maxLen: policies[route].maxLen
        case .recordTooLarge: configuration.writer.maxMessageBytes
        default: 0
        }
    }

    /// Kafka did not take records, or would not have taken them. Their senders are known no more.
    mutating func sayDropped(of batch: Batch) {
        for drop in batch.drops {
            guard let repeated = dropGates[Int(drop.reason.rawValue)].pass(at: reactor.now) else { continue }
            let routes = routes(to: batch.topic).map(\.path)
            logger.warning(
                "log.dropped",
                [
                    "reason": drop.reason.label, "route": routes.joined(separator: ","),
                    "size": unsafe String(batch.records[drop.record].count), "limit": "-", "peer": "-",
                    "repeated": String(repeated),
                ]
            )
        }
    }

    /// A connection is closed for what its peer did.
    mutating func sayFailed(_ code: CloseCode, _ reason: StaticString, _ id: ConnectionID, route: Int) {
        guard let repeated = failureGate.pass(at: reactor.now) else { return }
        logger.warning(
            "connection.failed",
            [
                "code": String(code.rawValue), "reason": reason.description,
                "route": configuration.routes[route].path, "peer": reactor.peer(of: id) ?? "-",
                "repeated": String(repeated),
            ]
        )
    }

    /// A request was refused for what it is or who sent it. Neither path nor query, which may carry a token.
    mutating func sayRefused(_ refusal: Refusal, _ id: ConnectionID, route: Int) {
        guard let repeated = refusalGates[Int(refusal.reason.rawValue)].pass(at: reactor.now) else { return }
        logger.warning(
            "request.refused",
            [
                "reason": refusal.reason.label, "route": configuration.routes[route].path,
                "detail": refusal.detail ?? "-", "peer": reactor.peer(of: id) ?? "-", "repeated": String(repeated),
            ]
        )
    }

    /// A connection ended before its request could be read.
    mutating func sayRefused(_ reason: RefusalReason, _ peer: PeerAddress?, detail: String? = nil) {
        guard let repeated = refusalGates[Int(reason.rawValue)].pass(at: reactor.now) else { return }
        logger.warning(
            "connection.refused",
            [
                "reason": reason.label, "detail": detail ?? "-", "peer": peer?.description ?? "-",
                "connections": String(reactor.connectionCount), "repeated": String(repeated),
            ]
        )
    }

    /// Descriptors or memory have run out: said once a minute while it lasts.
    mutating func sayAcceptsPaused() {
        let paused = reactor.counters.acceptsPaused
        guard paused != acceptsPausedSeen else { return }
        acceptsPausedSeen = paused
        guard let repeated = acceptGate.pass(at: reactor.now) else { return }
        logger.error(
            "accept.paused",
            [
                "error": reactor.counters.acceptError?.description ?? "-",
                "connections": String(reactor.connectionCount), "shed": String(reactor.counters.shed),
                "repeated": String(repeated),
                "detail": "raise the limit of open files (ulimit -n, LimitNOFILE=)",
            ]
        )
    }
}
