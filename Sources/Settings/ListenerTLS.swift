/// `listeners[].ssl`: the keys are beats'. Files are named as the process sees them: from its working directory.
package struct ListenerTLS: Equatable, Sendable {
    package enum ClientAuthentication: String, CaseIterable, Sendable {
        /// No certificate is asked for.
        case none
        /// One that is shown must be right.
        case optional
        case required
    }

    package enum Version: String, CaseIterable, Sendable {
        case tls12 = "TLSv1.2"
        case tls13 = "TLSv1.3"
    }

    /// Who the listener is.
    package struct Certificate: Equatable, Sendable {
        /// `certificate`: a PEM file, the chain behind the certificate itself.
        package var certificate: String
        /// `key`: a PEM file.
        package var key: String
        /// `key_passphrase`.
        package var keyPassphrase: Secret?
    }

    /// `ssl.certificate` and `ssl.key`, the default; then those of `ssl.certificates`, chosen by the name a client asks
    /// for.
    package var certificates: [Certificate]
    /// `ssl.certificate_authorities`: PEM files; who may have signed clients' certificates.
    package var authorities: [String] = []
    /// `ssl.client_authentication`. Default: required with `certificate_authorities`, else none.
    package var clientAuthentication = ClientAuthentication.none
    /// `ssl.supported_protocols`. Default: TLSv1.2 and TLSv1.3.
    package var versions: [Version] = [.tls12, .tls13]
    /// `ssl.session_tickets`: how many a client gets. Default: 0.
    package var sessionTickets = 0
}
