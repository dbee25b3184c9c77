/// What a handshake has found out.
package struct TLSFacts: Sendable, Equatable {
    /// The server that the client asked for (SNI).
    package let serverName: String?
    /// Whom the verified certificate of the client names: its common name, else its whole subject.
    package let clientSubject: String?
    /// `TLSv1.3`.
    package let version: String
    /// `TLS_AES_128_GCM_SHA256`.
    package let cipher: String
}
