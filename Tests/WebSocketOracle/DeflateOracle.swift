internal import WebSocketWire

/// One input of the fuzzer for compression, or of its corpus, held against everything that must be true of it.
///
/// The first byte says what the rest is: bits 0 and 1 the subject, bit 2 whether the context is kept, bits 3 to 5 the
/// window. The second one is a seed for the cuts.
package enum DeflateOracle {
    /// - Returns: what is wrong, or nil.
    package static func check(_ input: [UInt8]) -> String? {
        guard input.count >= 2 else { return nil }
        let bytes = Array(input.dropFirst(2))
        let windowBits = 8 + Int(input[0] >> 3 & 7)
        let keepsContext = input[0] & 4 != 0
        switch input[0] & 3 {
        case 0: return checkAnything(bytes, windowBits: windowBits, keepsContext: keepsContext, seed: input[1])
        case 1: return checkReplies(bytes, windowBits: windowBits, keepsContext: keepsContext, seed: input[1])
        case 2: return checkClient(bytes, windowBits: windowBits, keepsContext: keepsContext, seed: input[1])
        default: return NegotiationOracle.check(bytes, windowBits: max(windowBits, 9), seed: input[1])
        }
    }

    /// Payloads that may be anything: refused or understood as the reference does, however they are cut.
    package static func checkAnything(
        _ bytes: [UInt8],
        windowBits: Int,
        keepsContext: Bool,
        seed: UInt8
    ) -> String? {
        var random = SeededRandom(seed: UInt64(seed))
        let inflater = Inflater(windowBits: windowBits, keepsContext: keepsContext)
        var reference = ReferenceInflate(keepsContext: keepsContext)
        for payload in parts(bytes, using: &random) {
            let expected = reference.message(payload)
            // With little room at a time, a mebibyte takes the fuzzer too long.
            let isLarge = (expected?.count ?? 1_000_000) > 100_000
            let manner = isLarge ? InflaterRun.Manner() : .chance(payload.count, using: &random)
            switch InflaterRun.message(payload, into: inflater, manner) {
            case .fault(let fault): return "\(payload): \(fault)"
            case .message(let message): if message != expected { return "\(payload): \(message)" }
            case .corrupt(let written):
                guard let expected else { return nil }
                // A reference to before the window is noticed or not, as the output was cut; both are right.
                let isStrict = windowBits < 15 && expected.starts(with: written)
                return isStrict ? nil : "\(payload): corrupt behind \(written)"
            }
            if Bool.random(using: &random) { inflater.rest() }
        }
        return nil
    }

    /// What `Deflater` makes, for a client whose window is no larger than agreed.
    package static func checkReplies(
        _ bytes: [UInt8],
        windowBits: Int,
        keepsContext: Bool,
        seed: UInt8
    ) -> String? {
        var random = SeededRandom(seed: UInt64(seed))
        let deflater = Deflater(level: 1 + Int(seed % 9), memoryLevel: 1 + Int(seed / 9 % 9))
        let inflater = Inflater(windowBits: windowBits, keepsContext: keepsContext)
        for part in parts(bytes, using: &random) {
            let message = repeated(part, using: &random)
            var payload: [UInt8] = []
            message.withUnsafeBytes { deflater.compress($0, windowBits: windowBits, into: &payload) }
            if let fault = hold(payload, message, inflater, using: &random) { return fault }
        }
        return nil
    }

    /// What zlib makes of a conversation, with context takeover or without, for every way to end a message.
    package static func checkClient(
        _ bytes: [UInt8],
        windowBits: Int,
        keepsContext: Bool,
        seed: UInt8
    ) -> String? {
        var random = SeededRandom(seed: UInt64(seed))
        let bits = max(windowBits, 9)
        let deflater = ZlibDeflater(windowBits: bits, keepsContext: keepsContext, level: Int(seed % 10))
        let inflater = Inflater(windowBits: windowBits, keepsContext: keepsContext)
        for part in parts(bytes, using: &random) {
            let message = repeated(part, using: &random)
            let flushes = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                Int.random(in: 0...message.count, using: &random)
            }
            let ending = ZlibDeflater.Ending.allCases.randomElement(using: &random) ?? .syncFlush
            let payload = deflater.compress(message, ending: ending, flushes: flushes.sorted())
            if let fault = hold(payload, message, inflater, using: &random) { return fault }
        }
        return nil
    }

    private static func hold(
        _ payload: [UInt8],
        _ message: [UInt8],
        _ inflater: Inflater,
        using random: inout SeededRandom
    ) -> String? {
        let manner = InflaterRun.Manner.chance(payload.count, using: &random)
        let outcome = InflaterRun.message(payload, into: inflater, manner)
        guard outcome == .message(message) else { return "\(message) as \(payload): \(outcome)" }
        if Bool.random(using: &random) { inflater.rest() }
        return nil
    }

    private static func parts(_ bytes: [UInt8], using random: inout SeededRandom) -> [[UInt8]] {
        let cuts = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            Int.random(in: 0...bytes.count, using: &random)
        }
        let ends = cuts.sorted() + [bytes.count]
        return zip([0] + ends, ends).map { Array(bytes[$0..<$1]) }
    }

    /// More than a small window holds, now and then.
    private static func repeated(_ part: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        let times = [1, 1, 2, 50].randomElement(using: &random) ?? 1
        return Array([[UInt8]](repeating: part, count: times).joined().prefix(100_000))
    }
}
