package import Reactor

/// Where connections come in, and how.
package struct GatewayListener: Sendable {
    package var source: ListenSource
    /// What its connections speak TLS with; nil for plain bytes.
    package var security: TLSContext?
    /// Each connection begins with a PROXY header, which only `trusted_proxies` may send.
    package var isProxied: Bool

    package init(_ source: ListenSource, security: TLSContext? = nil, isProxied: Bool = false) {
        self.source = source
        self.security = security
        self.isProxied = isProxied
    }
}
