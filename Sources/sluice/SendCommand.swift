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
        do {
            let addresses = try SocketAddress.resolve(host: destination.host, port: destination.port)
            guard let address = addresses.first else {
                StandardError.write("sluice: \(destination.host) has no address")
                return .failure
            }
            var session = try SendSession(to: destination, at: address, headers: headers)
            let sent = try session.run(arguments.texts)
            StandardError.write("sent \(sent) \(sent == 1 ? "log" : "logs")")
            return .success
        } catch {
            StandardError.write("sluice: \(arguments.url): \(error)")
            return .failure
        }
    }

    /// What the handshake carries beside its own headers.
    var headers: [(name: String, value: String)] {
        let given = arguments.headers.map { (name: $0.name, value: $0.value.value) }
        guard !given.contains(where: { $0.name.lowercased() == "authorization" }) else { return given }
        let token = arguments.token?.value ?? environment["SLUICE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        return (token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []) + given
    }
}
