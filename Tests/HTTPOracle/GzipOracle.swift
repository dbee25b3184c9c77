import HTTPWire

/// What must be true of a body's decoding, whatever the body.
package enum GzipOracle {
    /// - Parameter seed: of the cuts, and of how gzip is made of the bytes.
    /// - Returns: what is wrong, or nil.
    package static func check(_ bytes: [UInt8], seed: UInt8) -> String? {
        asTheyAre(bytes, seed) ?? asMade(bytes, seed)
    }

    private static func asTheyAre(_ bytes: [UInt8], _ seed: UInt8) -> String? {
        for coding in [ContentCoding.gzip, .identity] {
            let whole = Decoding(bytes, coding: coding)
            if coding == .identity && whole.output != bytes { return "identity changes bytes" }
            for (cuts, room) in [(Cuts.chance(bytes.count, seed: seed), 4096), (Array(0...bytes.count), 61), ([], 3)] {
                let pieces = Decoding(bytes, coding: coding, cuts: cuts, room: room)
                if pieces != whole { return "\(coding) in room of \(room), cut at \(cuts): \(pieces), not \(whole)" }
            }
        }
        return nil
    }

    private static func asMade(_ bytes: [UInt8], _ seed: UInt8) -> String? {
        let middle = bytes.count * Int(seed % 5) / 4
        let parts = seed % 5 == 0 ? [bytes] : [Array(bytes[..<middle]), Array(bytes[middle...])]
        let members = parts.map { Gzip.member($0, level: Int(seed % 10), describes: seed & 1 == 0) }
        let made = members.flatMap { $0 }
        let cuts = Cuts.chance(made.count, seed: seed)
        let decoded = Decoding(made, cuts: cuts, room: 1 + Int(seed) * 7)
        if decoded.output != bytes || decoded.end != .whole { return "not what was put in: \(decoded)" }
        // A few, since each takes as long as all of it.
        for index in stride(from: Int(seed % 3), to: cuts.count, by: cuts.count / 4 + 1) {
            let length = cuts[index]
            if length == members[0].count { continue }
            let cut = Decoding(Array(made[..<length]))
            if cut.end != .within { return "\(length) of \(made.count) bytes: \(cut)" }
        }
        var damaged = made
        damaged[made.count - 1 - Int(seed % 8)] ^= 1 << (seed % 7)
        let refused = Decoding(damaged)
        return refused.end == .corrupt(.malformed) ? nil : "a wrong trailer: \(refused)"
    }
}
