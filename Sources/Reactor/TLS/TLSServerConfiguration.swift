/// How a listener speaks TLS, as a user configures it.
package struct TLSServerConfiguration: Sendable {
    /// A certificate and its key.
    package struct Certificate: Sendable {
        /// A PEM file: the server's certificate first, then those that lead to a known authority.
        package var certificate: String
        /// A PEM file; the same one where it holds both.
        package var key: String
        /// Of the key, where it is encrypted.
        package var passphrase: String?

        package init(certificate: String, key: String, passphrase: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.passphrase = passphrase
        }
    }

    /// Who must show a certificate.
    package enum ClientAuthentication: Sendable {
        /// Nobody is asked.
        case none
        /// Who shows one must show a good one.
        case optional
        case required
    }

    /// The first is for clients that name no server, or one that none of the others is for; the others are chosen by
    /// the names they stand for (subject alternative names).
    package var certificates: [Certificate]
    /// PEM files of those who may sign clients' certificates.
    package var certificateAuthorities: [String] = []
    package var clientAuthentication = ClientAuthentication.none
    package var minimumVersion = TLSVersion.tls12
    package var maximumVersion = TLSVersion.tls13
    /// Tickets sent to each client, with which it may come back cheaply. A client that never reads leaves them unread,
    /// and its closing then resets the connection and destroys what it had not yet sent.
    package var sessionTickets = 0

    package init(certificates: [Certificate]) { self.certificates = certificates }
}
