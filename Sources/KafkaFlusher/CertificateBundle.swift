internal import Foundation
internal import LogPipeline

/// Several certificate authorities, from files or inline, as the one file that librdkafka can take.
///
/// librdkafka reads only the first certificate of `ssl.ca.pem` in some versions, and one `ssl.ca.location`.
final class CertificateBundle: Sendable {
    let property: KafkaProperty
    private let temporary: String?

    /// - Returns: nil where nothing is configured, so that the system's store is used.
    static func make(_ tls: KafkaConfiguration.TLS?) throws(FlusherError) -> CertificateBundle? {
        guard let tls, tls.enabled, !tls.certificateAuthorities.isEmpty else { return nil }
        return try CertificateBundle(tls.certificateAuthorities)
    }

    private init(_ authorities: [String]) throws(FlusherError) {
        let setting = "output.kafka.ssl.certificate_authorities"
        if let path = authorities.first, authorities.count == 1, !path.contains("-----BEGIN") {
            property = KafkaProperty(name: "ssl.ca.location", value: path, setting: setting)
            temporary = nil
            return
        }
        var text = ""
        for authority in authorities {
            if authority.contains("-----BEGIN") {
                text += authority + "\n"
            } else if let bytes = FileManager.default.contents(atPath: authority) {
                text += String(decoding: bytes, as: UTF8.self) + "\n"
            } else {
                throw FlusherError(setting: setting, message: "\(authority) cannot be read")
            }
        }
        let path = FileManager.default.temporaryDirectory.path + "/sluice-ca-\(UUID().uuidString).pem"
        guard
            FileManager.default.createFile(
                atPath: path,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o600]
            )
        else { throw FlusherError(setting: setting, message: "\(path) cannot be written") }
        property = KafkaProperty(name: "ssl.ca.location", value: path, setting: setting)
        temporary = path
    }

    deinit {
        // Best effort: the file holds certificates, no secret.
        if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
    }
}
