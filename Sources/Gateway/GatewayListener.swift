/// Where connections come in, and how.
package struct GatewayListener: Sendable {
    package var source: ListenSource
    /// Each connection begins with a PROXY header, which only `trusted_proxies` may send.
    package var isProxied: Bool

    package init(_ source: ListenSource, isProxied: Bool = false) {
        self.source = source
        self.isProxied = isProxied
    }
}
