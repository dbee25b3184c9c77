import Reactor

/// PROXY headers, held against a reading of the whole at once.
enum HeaderOracle {
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    private struct Reading: Equatable {
        var event = ProxyHeaderEvent.needMore
        var taken = 0
    }

    static func check(_ bytes: [UInt8], seed: UInt8) -> String? {
        let whole = read(bytes, cuts: [])
        for cuts in [[bytes.count * Int(seed) / 256], Array(0...bytes.count)] {
            let pieces = read(bytes, cuts: cuts)
            if pieces != whole { return "cut at \(cuts): \(pieces), not \(whole)" }
        }
        if whole.taken > 4096 { return "\(whole.taken) bytes are taken" }
        let header = header(in: bytes)
        switch whole.event {
        case .needMore: return header == nil ? nil : "not seen to be whole"
        case .header: return header == whole.taken ? nil : "\(whole), not of \(String(describing: header)) bytes"
        case .refused: return header == nil ? nil : "\(whole), and \(String(describing: header)) bytes are a header"
        }
    }

    /// A version 2 header with these addresses and a field or two, and its checksum.
    static func checkMade(of bytes: [UInt8], seed: UInt8) -> String? {
        let isV6 = seed & 4 != 0
        let addressLength = isV6 ? 36 : 12
        guard bytes.count > addressLength, bytes.count < 2000 else { return nil }
        let rest = Array(bytes[addressLength...])
        var content = Array(bytes[..<addressLength]) + [0xE0, UInt8(rest.count >> 8), UInt8(rest.count & 0xFF)] + rest
        let sumAt = 16 + content.count + 3
        content += [3, 0, 4, 0, 0, 0, 0]
        var header =
            signature + [0x21, isV6 ? 0x21 : 0x11, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
        let sum = checksum(header)
        for index in 0..<4 { header[sumAt + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32(index))) }

        let host = IPAddress(networkBytes: bytes[..<(isV6 ? 16 : 4)])
        let portAt = isV6 ? 32 : 8
        let port = UInt16(bytes[portAt]) << 8 | UInt16(bytes[portAt + 1])
        let expected = ProxyHeader(source: host.map { PeerAddress($0, port: port) })
        for cuts in [[], [header.count * Int(seed) / 256], Array(0...header.count)] {
            let reading = read(header + [0], cuts: cuts)
            if reading != Reading(event: .header(expected), taken: header.count) {
                return "\(reading), not \(expected)"
            }
        }
        header[16 + Int(seed) % addressLength] ^= 1 + seed >> 1
        if case .header = read(header, cuts: []).event { return "a wrong checksum is let through" }
        return nil
    }

    private static func read(_ bytes: [UInt8], cuts: [Int]) -> Reading {
        var reader = ProxyHeaderReader()
        var reading = Reading()
        var start = 0
        for end in cuts + [bytes.count] {
            let piece = Array(bytes[start..<end])
            var offset = 0
            reading.event = reader.next(piece.span.bytes, at: &offset)
            reading.taken += offset
            start = end
        }
        return reading
    }

    /// How many bytes at the beginning are a header.
    private static func header(in bytes: [UInt8]) -> Int? {
        let line = (0...min(107, bytes.count)).first { isLine(Array(bytes[..<$0])) }
        let block = bytes.count < 16 ? 0 : 16 + Int(bytes[14]) * 256 + Int(bytes[15])
        return line ?? (block <= bytes.count && isBlock(Array(bytes[..<block])) ? block : nil)
    }

    private static func isLine(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= 107, bytes.allSatisfy({ $0 < 0x7F }), bytes.suffix(2) == [0x0D, 0x0A] else { return false }
        let inside = bytes.dropLast(2)
        guard inside.allSatisfy({ $0 >= 0x20 }) else { return false }
        let words = String(decoding: inside, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == "PROXY" else { return false }
        if words[1] == "UNKNOWN" { return true }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else { return false }
        let hosts = words[2...3]
        guard hosts.allSatisfy({ IPAddress($0) != nil && $0.contains(":") == (words[1] == "TCP6") }) else {
            return false
        }
        return words[4...5].allSatisfy { word in UInt16(word).map { String($0) == word } ?? false }
    }

    private static func isBlock(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 16, bytes.count <= 4096, Array(bytes[..<12]) == signature else { return false }
        guard Int(bytes[14]) * 256 + Int(bytes[15]) == bytes.count - 16 else { return false }
        guard bytes[12] == 0x21 else { return bytes[12] == 0x20 }
        guard bytes[13] >> 4 < 4, bytes[13] & 15 < 3 else { return false }
        var at = 16 + [0, 12, 36, 216][Int(bytes[13] >> 4)]
        guard at <= bytes.count else { return false }
        var sums: [Int] = []
        while at < bytes.count {
            guard at + 3 <= bytes.count else { return false }
            let length = Int(bytes[at + 1]) * 256 + Int(bytes[at + 2])
            if bytes[at] == 3 {
                guard length == 4 else { return false }
                sums.append(at + 3)
            }
            at += 3 + length
        }
        guard at == bytes.count, sums.count <= 1 else { return false }
        guard let place = sums.first else { return true }
        var cleared = bytes
        var sum: UInt32 = 0
        for index in place..<(place + 4) {
            sum = sum << 8 | UInt32(bytes[index])
            cleared[index] = 0
        }
        return checksum(cleared) == sum
    }

    /// CRC32C, by polynomial division from the other end: bits reversed.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        func reversed<Number: FixedWidthInteger>(_ number: Number) -> Number {
            (0..<Number.bitWidth).reduce(0) { $0 << 1 | number >> Number($1) & 1 }
        }
        var rest = ~UInt32(0)
        for byte in bytes {
            rest ^= UInt32(reversed(byte)) << 24
            for _ in 0..<8 { rest = rest & 0x8000_0000 == 0 ? rest << 1 : rest << 1 ^ 0x1EDC_6F41 }
        }
        return ~reversed(rest)
    }
}
