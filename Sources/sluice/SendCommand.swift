import Foundation
import Reactor
import Settings
import WebSocketWire

/// `sluice send`: each text, or each line of standard input, as one message; ends when the server has read all.
struct SendCommand {
    let arguments: SendArguments
    /// `SLUICE_TOKEN` holds the token where no option does.
    var environment = ProcessInfo.processInfo.environment

    func run() -> ExitStatus {
        let destination: WebSocketURL
        do throws(WebSocketURL.Problem) {
            destination = try WebSocketURL(arguments.url)
        } catch {
            StandardError.write("sluice: \(error)")
            return .usage
        }
        let security: TLSContext?
        do throws(TLSError) {
            security = try destination.isSecure ? .client(TLSClientConfiguration(arguments)) : nil
        } catch {
            StandardError.write("sluice: \(error)")
            return .usage
        }
        let headers = headers(for: destination)
        guard headers.allSatisfy({ $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }) else {
            StandardError.write("sluice: the token holds what no header can carry")
            return .usage
        }
        return send(to: destination, security, headers)
    }

    private func send(
        to destination: WebSocketURL,
        _ security: TLSContext?,
        _ headers: [(name: String, value: String)]
    ) -> ExitStatus {
        do {
            let addresses = try SocketAddress.resolve(host: destination.host, port: destination.port)
            guard let address = addresses.first else {
                StandardError.write("sluice: \(destination.host) has no address")
                return .failure
            }
            var session = try SendSession(to: destination, at: address, security: security, headers: headers)
            let sent = try session.run(arguments.texts)
            StandardError.write("sent \(sent) \(sent == 1 ? "log" : "logs")")
            return .success
        } catch {
            StandardError.write("sluice: \(destination.shown): \(error)")
            return .failure
        }
    }

    /// What the handshake carries beside its own headers: an `Authorization` that is given, else a token, else user
    /// and password of the URL.
    func headers(for destination: WebSocketURL) -> [(name: String, value: String)] {
        let given = arguments.headers.map { (name: $0.name, value: $0.value.value) }
        guard !given.contains(where: { $0.name.lowercased() == "authorization" }) else { return given }
        let token = arguments.token?.value ?? environment["SLUICE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        let basic = destination.userAndPassword.map { "Basic \(Data($0.value.utf8).base64EncodedString())" }
        let authorization = token.map { "Bearer \($0)" } ?? basic
        return (authorization.map { [(name: "Authorization", value: $0)] } ?? []) + given
    }
}

extension TLSClientConfiguration {
    init(_ arguments: SendArguments) {
        self.init()
        certificateAuthorities = arguments.authorities.map { [$0] } ?? []
        verifies = !arguments.isInsecure
        if let certificate = arguments.certificate, let key = arguments.key {
            self.certificate = TLSServerConfiguration.Certificate(certificate: certificate, key: key, passphrase: nil)
        }
    }
}
