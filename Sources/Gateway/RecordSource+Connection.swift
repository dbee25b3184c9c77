import LogPipeline

extension RecordSource {
    /// Where the logs of a connection come from; what is not known is left out.
    ///
    /// - Parameters:
    ///   - peer: the client's address.
    ///   - path: the route's, which holds no token as the request's may.
    ///   - token: its name, never the token.
    convenience init(peer: String?, path: String, userAgent: String?, token: String?) {
        let known = [("peer", peer), ("path", path), ("user_agent", userAgent), ("token", token)]
        self.init(
            headers: known.compactMap { name, value in
                value.map { (name: "sluice.\(name)", value: Array($0.utf8)) }
            }
        )
    }
}
