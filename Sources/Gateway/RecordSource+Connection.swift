import Admission
import HTTPWire
import LogPipeline
import Reactor

extension RecordSource {
    /// A `User-Agent` is cut behind so many bytes: it goes out with every record.
    static let longestUserAgent = 512

    /// Where the logs of a connection come from; what is not known is left out.
    ///
    /// - Parameters:
    ///   - peer: the client's address.
    ///   - path: the route's, which holds no token as the request's may.
    ///   - token: its name, never the token.
    convenience init(peer: String?, path: String, userAgent: String?, token: String?) {
        let known = [("peer", peer), ("path", path), ("user_agent", userAgent.map(Self.cut)), ("token", token)]
        self.init(
            headers: known.compactMap { name, value in
                value.map { (name: "sluice.\(name)", value: Array($0.utf8)) }
            }
        )
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestUserAgent else { return text }
        var (result, count) = ("", 0)
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= longestUserAgent else { break }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}

extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// What the records of a connection, or of a request, say about where they come from; nil where nobody asks.
    func source(
        of request: RequestHead,
        route: Int,
        _ identity: Identity?,
        _ client: IPAddress?
    ) -> RecordSource? {
        let route = configuration.routes[route]
        guard route.recordsSource, route.topic != nil else { return nil }
        return RecordSource(
            peer: client?.description,
            path: route.path,
            userAgent: request.headers["user-agent"],
            token: identity?.name
        )
    }
}
