import WebSocketOracle
import WebSocketWire

/// Bytes that a peer of `role` would read, beside what they mean.
struct Script {
    let role: FrameReader.Role
    private(set) var bytes: [UInt8] = []
    private(set) var expected: [Said] = []
    private var mask: UInt32 = 0x1234_5678

    init(role: FrameReader.Role) { self.role = role }

    /// Everything RFC 6455 allows, each length's encoding at both its ends.
    func rich() -> Script {
        var script = self
        script.message(.text, Array("{\"message\":\"ü€😀\"}".utf8))
        script.message(.binary, [])
        script.ping(Array("are you there".utf8))
        for count in [1, 125, 126, 127, 300] { script.message(.binary, Self.bytes(count)) }
        script.fragments(.text, [[], [0x41], [], [0x42, 0x43], []]) { script in
            script.ping([])
            script.pong(Self.bytes(125))
        }
        script.message(.text, Self.bytes(200).map { $0 & 0x7F })
        script.fragments(.binary, [Self.bytes(130), Self.bytes(3)]) { _ in }
        script.close(1000, "done")
        return script
    }

    func short() -> Script {
        var script = self
        script.message(.text, [0x61])
        script.fragments(.binary, [[1, 2, 3, 4, 5], [], [6]]) { $0.ping([7]) }
        script.message(.binary, Self.bytes(9))
        script.close(nil, "")
        return script
    }

    /// - Parameter longest: Bytes of a message at most.
    func random(longest: Int, using random: inout SeededRandom) -> Script {
        var script = self
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            script.mask = UInt32.random(in: 0 ... .max, using: &random)
            let kind: MessageKind = Bool.random(using: &random) ? .text : .binary
            let count = min(longest, [0, 3, 60, 125, 126, 1_000, 65_535, 65_536].randomElement(using: &random) ?? 0)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: script.ping(Self.bytes(count % 126))
            case 1: script.pong(Self.bytes(count % 126))
            case 2: script.fragments(kind, [Self.bytes(count % 200), [], Self.bytes(5)]) { $0.ping([1]) }
            default: script.message(kind, Self.bytes(count))
            }
        }
        if Bool.random(using: &random) { script.close(4321, "bye") }
        return script
    }

    mutating func message(_ kind: MessageKind, _ payload: [UInt8], isCompressed: Bool = false) {
        FrameWriter.append(kind, payload.span.bytes, isCompressed: isCompressed, mask: key(), to: &bytes)
        expected.append(.message(kind, payload, isCompressed: isCompressed))
    }

    /// - Parameter between: Run between every two of the fragments.
    mutating func fragments(
        _ kind: MessageKind,
        _ fragments: [[UInt8]],
        isCompressed: Bool = false,
        between: (inout Script) -> Void
    ) {
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { between(&self) }
            FrameWriter.append(
                index == 0 ? kind.opcode : .continuation,
                isFinal: index == fragments.count - 1,
                isCompressed: isCompressed && index == 0,
                fragment.span.bytes,
                mask: key(),
                to: &bytes
            )
        }
        expected.append(.message(kind, fragments.flatMap(\.self), isCompressed: isCompressed))
    }

    mutating func ping(_ payload: [UInt8]) {
        FrameWriter.append(ping: ControlPayload(payload)!, mask: key(), to: &bytes)
        expected.append(.ping(payload))
    }

    mutating func pong(_ payload: [UInt8]) {
        FrameWriter.append(pong: ControlPayload(payload)!, mask: key(), to: &bytes)
        expected.append(.pong(payload))
    }

    mutating func close(_ code: UInt16?, _ reason: String) {
        FrameWriter.append(close: code.map(CloseCode.init), reason: reason, mask: key(), to: &bytes)
        expected.append(.close(code, Array(reason.utf8)))
    }

    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) } }

    /// A server reads what is masked, each frame with another key.
    private mutating func key() -> UInt32? {
        mask = mask &* 1_664_525 &+ 1_013_904_223
        return role == .server ? mask : nil
    }
}
