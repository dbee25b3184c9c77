internal import COpenSSL

/// Certificates, keys and rules of TLS, made once and never changed after.
///
/// `@unchecked Sendable` because OpenSSL counts references to an SSL_CTX and locks what it changes in it itself, and
/// nothing else here changes.
@safe package final class TLSContext: @unchecked Sendable {
    /// What is not wrong enough to refuse to start: a certificate that has expired, or will soon.
    package let warnings: [String]
    /// When the first of its own certificates expires, in Unix seconds; `Int64.max` without any.
    package let notAfter: Int64
    /// The one for clients that name no server.
    let primary: TLSSettings
    /// Whether the other side's certificate has to be good, for outgoing connections.
    let verifiesServer: Bool
    /// Kept for OpenSSL, which knows where it is.
    private let directory: TLSDirectory?

    init(
        primary: TLSSettings,
        directory: TLSDirectory? = nil,
        verifiesServer: Bool = false,
        validity: [CertificateValidity]
    ) {
        self.primary = primary
        self.directory = directory
        self.verifiesServer = verifiesServer
        warnings = validity.compactMap(\.warning)
        notAfter = validity.map(\.notAfter).min() ?? .max
    }
}

/// One SSL_CTX, freed once.
@safe final class TLSSettings {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe SSL_CTX_free(pointer) }
}

/// Which settings are for which server's name: what the callback for SNI looks at.
final class TLSDirectory {
    let names: ServerNames
    let settings: [TLSSettings]

    init(names: ServerNames, settings: [TLSSettings]) {
        self.names = names
        self.settings = settings
    }

    func settings(for name: String) -> TLSSettings? { names.index(for: name).map { settings[$0] } }
}

/// How long a certificate is good, and what to say about it.
struct CertificateValidity {
    /// Seconds before its end from which on that is said.
    static let soon: Int64 = 14 * 86_400

    let notAfter: Int64
    let warning: String?

    init(_ certificate: Certificate, file: String, now: Int64) {
        let end = certificate.notAfter
        let start = certificate.notBefore
        notAfter = end.unixSeconds
        warning =
            if now >= end.unixSeconds {
                "certificate \(file): expired on \(end.day)"
            } else if now < start.unixSeconds {
                "certificate \(file): is not valid before \(start.day)"
            } else if now >= end.unixSeconds - Self.soon {
                "certificate \(file): expires on \(end.day)"
            } else {
                nil
            }
    }
}
