internal import COpenSSL

/// Why TLS ended.
package enum TLSFault: Sendable, Equatable, BitwiseCopyable, CustomStringConvertible {
    /// What OpenSSL says, by its code.
    case failed(UInt)
    /// The peer's certificate is not good; why, by OpenSSL's code (X509_V_ERR).
    case badCertificate(Int)
    /// The peer went away during the handshake.
    case peerLeft
    /// An HTTP request without TLS.
    case plainHTTP
    /// What came first is no ClientHello.
    case noTLS
    /// Messages about keys and renegotiation, one after the other.
    case flood

    /// Whether the peer speaks TLS and has said in it why it ends.
    package var isAlert: Bool {
        guard case .failed(let code) = self else { return false }
        return ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET
    }

    package var description: String {
        switch self {
        case .failed(let code): OpenSSLErrors.reason(of: code)
        case .badCertificate(let code): unsafe String(cString: X509_verify_cert_error_string(code))
        case .peerLeft: "the peer left during the handshake"
        case .plainHTTP: "an HTTP request without TLS"
        case .noTLS: "what came is no TLS"
        case .flood: "too many messages about keys"
        }
    }
}
