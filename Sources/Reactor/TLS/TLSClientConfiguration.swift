/// How an outgoing connection speaks TLS.
package struct TLSClientConfiguration: Sendable {
    /// PEM files of those who may sign the server's certificate; none: the system's.
    package var certificateAuthorities: [String] = []
    /// What to show to a server that asks.
    package var certificate: TLSServerConfiguration.Certificate?
    /// Whether the server's certificate must lead to an authority and be for the name that is meant.
    package var verifies = true
    package var minimumVersion = TLSVersion.tls12
    package var maximumVersion = TLSVersion.tls13

    package init() {}
}
