/// Why no TLS context could be made: what is at fault, and what is wrong with it.
package struct TLSError: Error, Equatable, CustomStringConvertible {
    /// What a file was read as.
    package enum Role: String, Sendable {
        case certificate
        case key
        case authorities = "certificate authorities"
    }

    package enum Fault: Equatable, Sendable {
        case unreadable(Errno)
        /// Over the bound of what is read.
        case tooLarge
        /// No PEM block of the kind that is wanted, or one that cannot be read; OpenSSL's reason.
        case malformed(String)
        /// The key is encrypted and no passphrase was given.
        case passphraseNeeded
        case wrongPassphrase
        /// The key of another certificate, which is named.
        case keyMismatch(certificate: String)
        /// OpenSSL will not use it: too weak, for example.
        case refused(String)
    }

    /// nil when no file is at fault.
    package let file: String?
    package let description: String
    /// nil when no file is at fault.
    package let fault: Fault?

    init(_ role: Role, _ file: String, _ fault: Fault) {
        self.file = file
        self.fault = fault
        description = "\(role.rawValue) \(file): \(Self.text(of: fault, role))"
    }

    /// What is wrong with the configuration as a whole.
    init(_ description: String) {
        file = nil
        fault = nil
        self.description = description
    }

    private static func text(of fault: Fault, _ role: Role) -> String {
        switch fault {
        case .unreadable(let error): "cannot be read: \(error)"
        case .tooLarge: "is larger than \(PEMFile.limit >> 20) MiB"
        case .malformed(let reason):
            switch role {
            case .key: "holds no private key in PEM form: \(reason)"
            case .certificate, .authorities: "holds no certificate in PEM form: \(reason)"
            }
        case .passphraseNeeded: "is encrypted, and no passphrase is given"
        case .wrongPassphrase: "the passphrase does not open it"
        case .keyMismatch(let certificate): "is not the key of the certificate \(certificate)"
        case .refused(let reason): "is refused by OpenSSL: \(reason)"
        }
    }
}
