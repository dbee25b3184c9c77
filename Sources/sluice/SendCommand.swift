import Foundation
import Reactor
import WebSocketWire

/// `sluice send`: each text, or each line of standard input, as one message; ends when the server has read all.
struct SendCommand {
    let url: String
    let texts: [String]

    func run() -> ExitStatus {
        let destination: WebSocketURL
        do throws(WebSocketURL.Problem) {
            destination = try WebSocketURL(url)
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
            var session = try SendSession(to: destination, at: address)
            let sent = try session.run(texts)
            StandardError.write("sent \(sent) \(sent == 1 ? "log" : "logs")")
            return .success
        } catch {
            StandardError.write("sluice: \(url): \(error)")
            return .failure
        }
    }
}
