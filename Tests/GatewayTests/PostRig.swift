import LogPipeline
import Simulation

@testable import Gateway

/// A client that posts on a simulated connection, and reads answers.
final class PostClient {
    let peer: SimulatedPeer
    private var received: [UInt8] = []

    init(_ rig: GatewayRig, listener: Int = 0, from address: String? = nil) {
        peer = rig.client(upgrade: false, listener: listener, from: address).peer
    }

    static func request(
        _ body: [UInt8],
        path: String = "/logs",
        type: String? = "text/plain;charset=UTF-8",
        _ headers: [String] = []
    ) -> [UInt8] {
        var head = "POST \(path) HTTP/1.1\r\nHost: sluice\r\nContent-Length: \(body.count)\r\n"
        if let type { head += "Content-Type: \(type)\r\n" }
        for header in headers { head += header + "\r\n" }
        return Array((head + "\r\n").utf8) + body
    }

    static func chunked(_ body: [UInt8], step: Int, path: String = "/logs", _ headers: [String] = []) -> [UInt8] {
        var bytes = Array("POST \(path) HTTP/1.1\r\nHost: sluice\r\nTransfer-Encoding: chunked\r\n".utf8)
        bytes += headers.flatMap { Array(($0 + "\r\n").utf8) } + Array("\r\n".utf8)
        var rest = body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(step)
            bytes += Array(String(piece.count, radix: 16).utf8) + [13, 10] + piece + [13, 10]
            rest = rest.dropFirst(step)
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }

    func post(
        _ text: String,
        path: String = "/logs",
        type: String? = "text/plain;charset=UTF-8",
        _ headers: [String] = []
    ) {
        peer.write(Self.request(Array(text.utf8), path: path, type: type, headers))
    }

    /// Everything that has come.
    var text: String {
        received += peer.read()
        return String(decoding: received, as: UTF8.self)
    }

    /// The statuses of the answers, in order.
    var statuses: [Int] {
        text.matches(of: #/HTTP\/1\.1 (\d\d\d) /#).compactMap { Int($0.1) }
    }
}

extension GatewayRig {
    func posts(_ status: PostStatus) -> UInt64 { snapshot.posts[Int(status.rawValue)] }
}
