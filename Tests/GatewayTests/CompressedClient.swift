import Simulation
import WebSocketWire

@testable import Gateway

extension GatewayRig {
    /// A client that offers compression.
    func compressingClient(
        _ path: String = "/logs",
        offer: String = "permessage-deflate; client_max_window_bits"
    ) -> GatewayClient {
        let client = client(path, upgrade: false)
        client.peer.write(GatewayClient.compressingRequest(path, offer: offer))
        return client
    }
}

extension GatewayClient {
    static func compressingRequest(_ path: String, offer: String = "permessage-deflate; client_max_window_bits")
        -> String
    {
        request(path).replacing("Upgrade: websocket", with: "Upgrade: websocket\r\nSec-WebSocket-Extensions: \(offer)")
    }

    /// A compressed payload that refers to nothing before it.
    static func deflated(_ content: [UInt8]) -> [UInt8] {
        var payload: [UInt8] = []
        let deflater = Deflater(level: 6, memoryLevel: 8)
        content.withUnsafeBytes { deflater.compress($0, windowBits: 12, into: &payload) }
        return payload
    }

    static func compressedFrame(
        _ opcode: Opcode,
        _ payload: [UInt8],
        isFinal: Bool = true
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        let isFirst = opcode != .continuation
        FrameWriter.append(
            opcode,
            isFinal: isFinal,
            isCompressed: isFirst,
            payload.span.bytes,
            mask: 0x8765_4321,
            to: &bytes
        )
        return bytes
    }

    static func compressed(_ text: String) -> [UInt8] { compressedFrame(.text, deflated(Array(text.utf8))) }

    func sendCompressed(_ text: String) { peer.write(Self.compressed(text)) }

    func sendCompressed(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) {
        peer.write(Self.compressedFrame(opcode, payload, isFinal: isFinal))
    }

    /// What a payload says that refers to nothing before it.
    static func inflated(_ payload: some Sequence<UInt8>) -> [UInt8] {
        let inflater = Inflater(windowBits: 15, keepsContext: false)
        var content = [UInt8](repeating: 0, count: 1 << 20)
        var (taken, produced) = (0, 0)
        content.withUnsafeMutableBytes { output in
            _ = Array(payload).withUnsafeBytes {
                inflater.inflate($0, taken: &taken, into: output, produced: &produced)
            }
            _ = inflater.endMessage(into: output, produced: &produced)
        }
        return Array(content[..<produced])
    }
}
