internal import WebSocketWire

/// Puts the messages of one server together: what comes in pieces, and what is compressed.
struct MessageCollector {
    /// Bytes of a message that are kept; of a longer one nothing behind them is looked at.
    private static let limit = 1 << 20

    private var payload: [UInt8] = []
    private let inflater: Inflater?

    /// - Parameter deflate: what was agreed on.
    init(_ deflate: DeflateParameters?) {
        inflater = deflate.map { Inflater(windowBits: $0.serverWindowBits, keepsContext: $0.serverKeepsContext) }
    }

    mutating func begin() { payload.removeAll(keepingCapacity: true) }

    mutating func append(_ bytes: RawSpan) {
        let room = Self.limit - payload.count
        guard room > 0 else { return }
        unsafe bytes.withUnsafeBytes { unsafe payload.append(contentsOf: $0.prefix(room)) }
    }

    /// The whole message, or nil where it does not inflate.
    mutating func end(isCompressed: Bool) -> [UInt8]? {
        guard isCompressed else { return payload }
        guard let inflater else { return nil }
        var output = [UInt8](repeating: 0, count: payload.count * 4 + 1_024)
        var taken = 0
        var produced = 0
        let count = payload.count
        payload += repeatElement(0, count: Inflater.tailCount)
        var step = Inflater.Step.needRoom
        while case .needRoom = step, output.count <= Self.limit {
            if produced == output.count { output += repeatElement(0, count: output.count) }
            step = inflate(inflater, count, &taken, &output, &produced)
        }
        guard case .needInput = step else { return nil }
        output.removeSubrange(produced...)
        return output
    }

    private mutating func inflate(
        _ inflater: Inflater,
        _ count: Int,
        _ taken: inout Int,
        _ output: inout [UInt8],
        _ produced: inout Int
    ) -> Inflater.Step {
        unsafe payload.withUnsafeMutableBytes { input in
            unsafe output.withUnsafeMutableBytes { output in
                unsafe inflater.inflateLast(
                    UnsafeMutableRawBufferPointer(rebasing: input[..<count]),
                    taken: &taken,
                    into: output,
                    produced: &produced
                )
            }
        }
    }
}
