package import WebSocketWire

/// One input of the fuzzer, or of its corpus, held against everything that must be true of it.
///
/// The first byte says what the rest is: bits 0 and 1 the subject, bit 2 the role, bit 3 whether messages may be
/// compressed. All of it is a seed for the cuts.
package enum Oracle {
    /// - Returns: what is wrong, or nil.
    package static func check(_ input: [UInt8]) -> String? {
        guard let control = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        switch control & 3 {
        case 0, 1:
            return checkFrames(
                bytes,
                role: control & 4 == 0 ? .server : .client,
                allowsCompression: control & 8 != 0,
                seed: control
            )
        case 2: return checkUTF8(bytes, seed: control)
        default: return checkHandshake(bytes)
        }
    }

    /// Whole, in pieces of chance, and byte by byte: each time the same as the reference says.
    package static func checkFrames(
        _ bytes: [UInt8],
        role: FrameReader.Role,
        allowsCompression: Bool = false,
        seed: UInt8
    ) -> String? {
        let expected = ReferenceReader.read(bytes, role: role, allowsCompression: allowsCompression)
        let cuts = [[], chance(bytes.count, seed: seed), Array(0...bytes.count)]
        for cuts in cuts {
            let said = Transcript.read(bytes, role: role, allowsCompression: allowsCompression, cuts: cuts)
            if said != expected { return "cut at \(cuts): \(said) instead of \(expected)" }
        }
        return nil
    }

    /// Against the standard library: valid or not, and no later or earlier refused than possible.
    package static func checkUTF8(_ bytes: [UInt8], seed: UInt8) -> String? {
        let isValid = String(validating: bytes, as: UTF8.self) != nil
        var whole = UTF8Validator()
        let isPossible = whole.consume(bytes.span.bytes)
        if (isPossible && whole.isComplete) != isValid { return "UTF-8 \(bytes): valid is \(isValid)" }
        var pieces = UTF8Validator()
        var start = 0
        for end in chance(bytes.count, seed: seed) + [bytes.count] {
            let isPossible = pieces.consume(Array(bytes[start..<end]).span.bytes)
            if isPossible != isPrefix(bytes[..<end]) { return "UTF-8 \(bytes[..<end]): possible is \(!isPossible)" }
            start = end
        }
        return pieces.isComplete == whole.isComplete ? nil : "UTF-8 \(bytes): the pieces differ"
    }

    /// Lines of the bytes as the values of a request: an answer that accepts must be one that a client takes.
    package static func checkHandshake(_ bytes: [UInt8]) -> String? {
        var values = bytes.split(separator: 10, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        values += [String](repeating: "", count: max(0, 6 - values.count))
        let request = UpgradeRequest(
            method: "GET",
            isHTTP11: true,
            upgrade: values[0],
            connection: values[1],
            key: values[2],
            version: "13",
            protocols: values[3].isEmpty ? nil : values[3],
            extensions: values[4].isEmpty ? nil : values[4]
        )
        let verdict = ServerHandshake(subprotocols: ["sluice.v1", values[5]]).decide(request)
        guard case .accept(let headers, let subprotocol, _) = verdict else { return nil }
        let answer = Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
        let response = UpgradeResponse(
            status: 101,
            upgrade: answer["Upgrade"],
            connection: answer["Connection"],
            accept: answer["Sec-WebSocket-Accept"],
            subprotocol: answer["Sec-WebSocket-Protocol"]
        )
        let client = ClientHandshake(key: values[2], subprotocols: ["sluice.v1", values[5]])
        let agreed = Result { () throws(ClientHandshakeError) in try client.check(response).subprotocol }
        return agreed == .success(subprotocol) ? nil : "\(request): \(agreed)"
    }

    /// Whether some bytes behind these make them UTF-8.
    private static func isPrefix(_ bytes: ArraySlice<UInt8>) -> Bool {
        let ends: [[UInt8]] = [
            [], [0x80], [0xBF], [0x80, 0x80], [0xBF, 0x80], [0x80, 0x80, 0x80], [0xBF, 0x80, 0x80],
        ]
        return ends.contains { String(validating: bytes + $0, as: UTF8.self) != nil }
    }

    private static func chance(_ count: Int, seed: UInt8) -> [Int] {
        var random = SeededRandom(seed: UInt64(seed))
        return (0..<min(count, 8)).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
    }
}
