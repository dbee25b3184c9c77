import Admission
import HTTPWire
import LogPipeline
import Reactor

// Who may come in: credentials first, then whether there is room, then whether Kafka takes anything. Who has no
// right learns nothing of the rest.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Lets the sender of a request in, or says why not.
    ///
    /// - Parameter peer: who is connected; nil where nobody knows.
    mutating func admit(
        _ request: RequestHead,
        _ match: RouteMap.Match,
        from peer: PeerAddress?,
        _ id: ConnectionID,
        listener: Int
    ) -> Entrance {
        let rule = admission[listener: listener, route: match.place]
        let seconds = clock.unixMilliseconds() / 1_000
        let identity: Identity?
        switch rule.policy.decide(AdmissionRequest(request, pathToken: match.pathToken), now: seconds) {
        case .refused(let reason):
            let refusal = Refusal(reason)
            sayRefused(refusal, id, route: match.route)
            return .refused(refusal)
        case .admitted(let who):
            identity = who
        }
        let client = client(of: request, from: peer)
        let places: Places
        do throws(Places.Full) {
            places = try shared.enter(
                route: routeLabels[match.route],
                address: client?.subscriber,
                token: identity?.name,
                limits: rule.limits,
                atMost: configuration.maxConnections
            )
        } catch {
            return .refused(Refusal(error))
        }
        if let unready = unready(match.route) {
            shared.leave(places)
            return .refused(unready)
        }
        let source = source(of: request, route: match.route, identity, client)
        // Who is not behind a proxy is known from the connection.
        let spokenFor = configuration.routes[match.route].deadLetters != nil && client != peer?.ip ? client : nil
        let isNeeded = Guest.isNeeded(identity: identity, limits: rule.limits, places: places, source: source)
        guard isNeeded || spokenFor != nil else { return .admitted(nil) }
        let guest = Guest(identity: identity, limits: rule.limits, places: places, source: source, now: reactor.now)
        guest.client = spokenFor
        if let end = identity?.expiresAt { guest.expiresAt = monotonic(unixSeconds: end) }
        return .admitted(guest)
    }

    /// Why nobody may come in by this route now.
    private func unready(_ route: Int) -> Refusal? {
        if draining != nil || shared.isDraining { return .notReady("Sluice is shutting down.") }
        let topic = policies[route].topic
        guard topic >= 0, flusher.health(of: TopicIndex(rawValue: topic)) != .healthy else { return nil }
        return .notReady("Kafka cannot take logs of this route; see /readyz.")
    }

    /// Whose request it is, behind trusted proxies; nil for a unix socket, and where nobody knows.
    private func client(of request: RequestHead, from peer: PeerAddress?) -> IPAddress? {
        // Somebody unknown is nobody to be believed.
        guard let peer else { return nil }
        let trusted = configuration.trustedProxies
        guard !trusted.isEmpty else { return peer.ip }
        // Whoever may open the unix socket is on this machine, and was given it for that.
        return ForwardedFor.client(
            peer: peer.ip,
            header: request.headers.values("x-forwarded-for"),
            trusted: trusted,
            trustsUnixSockets: true
        )
    }

    /// Gives back what a connection of this route holds.
    func leavePlaces(_ guest: Guest?) {
        shared.leave(guest?.places ?? Places(isCounted: true))
    }

    /// When the moment of a wall clock has come, by the loop's.
    private func monotonic(unixSeconds: Int64) -> UInt64 {
        // The year 2242 is as good as never, and nothing here overflows.
        let moment = min(max(0, unixSeconds), 1 << 33) * 1_000
        return reactor.now &+ UInt64(max(0, moment - clock.unixMilliseconds())) &* millisecond
    }

    /// Whether the token of an open connection is worth nothing any more. The wall clock decides: it may have been
    /// set since.
    mutating func hasExpired(_ guest: Guest) -> Bool {
        guard let end = guest.identity?.expiresAt else { return false }
        if clock.unixMilliseconds() / 1_000 >= end { return true }
        guest.expiresAt = monotonic(unixSeconds: end)
        return false
    }
}

/// What became of a request to come in.
enum Entrance {
    /// nil when nothing has to be remembered.
    case admitted(Guest?)
    case refused(Refusal)
}

extension AdmissionRequest {
    init(_ head: RequestHead, pathToken: String?) {
        self.init(
            origins: head.headers.values("origin"),
            authorization: head.headers.values("authorization"),
            cookies: head.headers.values("cookie"),
            protocols: head.headers.tokens("sec-websocket-protocol"),
            query: head.query,
            pathToken: pathToken
        )
    }
}
