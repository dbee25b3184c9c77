/// What stands between a listener's sockets and their owner.
struct ListenerRules: Sendable {
    /// nil: plain bytes.
    var security: TLSContext?
    /// Who must begin with a PROXY header; nil: nobody may.
    var proxies: [IPRange]?
}
