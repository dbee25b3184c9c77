package import HTTPWire

/// What a `BodyDecoder` made of some bytes.
package struct Decoding: Equatable, CustomStringConvertible {
    package enum End: Equatable {
        case whole
        case within
        case corrupt(DecodingFault)
        /// So many bytes came out that nobody looked further.
        case limit
    }

    package private(set) var output: [UInt8] = []
    package private(set) var end = End.within

    package var description: String { "\(end) after \(output.count) bytes" }

    /// - Parameters:
    ///   - cuts: where the input is cut, ascending.
    ///   - room: bytes of output that each call is given.
    ///   - limit: of all output.
    package init(
        _ bytes: [UInt8],
        coding: ContentCoding = .gzip,
        cuts: [Int] = [],
        room: Int = 1 << 16,
        limit: Int = 1 << 16
    ) {
        let decoder = BodyDecoder(coding: coding)
        var target = [UInt8](repeating: 0, count: room)
        var start = 0
        reading: for cut in cuts + [bytes.count] where cut >= start {
            let piece = Array(bytes[start..<cut])
            start = cut
            var taken = 0
            while true {
                let step = decode(decoder, piece, &taken, into: &target, room: min(room, limit - output.count))
                if step == .needInput { break }
                if case .corrupt(let fault) = step {
                    end = .corrupt(fault)
                    break reading
                }
                if output.count == limit { break reading }
            }
        }
        if end == .within && decoder.finish() { end = .whole }
        if output.count == limit { end = .limit }
    }

    private mutating func decode(
        _ decoder: BodyDecoder,
        _ piece: [UInt8],
        _ taken: inout Int,
        into target: inout [UInt8],
        room: Int
    ) -> BodyDecoder.Step {
        var produced = 0
        let step = piece.withUnsafeBytes { input in
            target.withUnsafeMutableBytes {
                decoder.decode(input, taken: &taken, into: .init(rebasing: $0[..<room]), produced: &produced)
            }
        }
        output += target[..<produced]
        return step
    }
}
