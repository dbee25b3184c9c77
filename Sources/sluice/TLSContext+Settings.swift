import Reactor
import Settings

extension TLSContext {
    /// What a listener with `ssl` speaks; its files are read here.
    static func server(_ tls: ListenerTLS, listener: Int) throws(ConfigurationFault) -> TLSContext {
        do throws(TLSError) {
            return try server(TLSServerConfiguration(tls))
        } catch {
            let name = tls.setting(of: error).map { ".\($0)" } ?? ""
            throw ConfigurationFault(setting: "listeners[\(listener)].ssl\(name)", detail: error.description)
        }
    }
}

extension TLSServerConfiguration {
    init(_ tls: ListenerTLS) {
        self.init(
            certificates: tls.certificates.map {
                Certificate(certificate: $0.certificate, key: $0.key, passphrase: $0.keyPassphrase?.value)
            }
        )
        certificateAuthorities = tls.authorities
        clientAuthentication =
            switch tls.clientAuthentication {
            case .none: .none
            case .optional: .optional
            case .required: .required
            }
        minimumVersion = tls.versions.contains(.tls12) ? .tls12 : .tls13
        maximumVersion = tls.versions.contains(.tls13) ? .tls13 : .tls12
        sessionTickets = tls.sessionTickets
    }
}

extension ListenerTLS {
    /// Which key under `ssl` names the file that is at fault; nil where none does.
    func setting(of error: TLSError) -> String? {
        guard let file = error.file else { return nil }
        for (index, pair) in certificates.enumerated() {
            let place = index == 0 ? "" : "certificates[\(index - 1)]."
            if let name = pair.name(of: file, error.fault) { return place + name }
        }
        return authorities.contains(file) ? "certificate_authorities" : nil
    }
}

extension ListenerTLS.Certificate {
    /// Which of its keys names the file that is at fault; one file may hold both.
    fileprivate func name(of file: String, _ fault: TLSError.Fault?) -> String? {
        switch fault {
        case .keyMismatch(let other): key == file && certificate == other ? "key" : nil
        case .passphraseNeeded, .wrongPassphrase: key == file ? "key_passphrase" : nil
        default: certificate == file ? "certificate" : key == file ? "key" : nil
        }
    }
}
