/// An IPv4 or IPv6 address. IPv4 mapped into IPv6 (`::ffff:10.0.0.1`) is the IPv4 address: a client is the same one
/// whichever listener it came through.
package struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    /// All 128 bits, IPv4 as mapped.
    let bits: UInt128

    init(bits: UInt128) { self.bits = bits }

    package init(v4 number: UInt32) { bits = Self.mapped | UInt128(number) }

    /// Four or sixteen bytes, in the order of the network; nil for any other count.
    package init?(networkBytes bytes: some Collection<UInt8>) {
        let number = bytes.reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: bits = Self.mapped | number
        case 16: bits = number
        default: return nil
        }
    }

    /// Reads `10.0.0.1`, `2001:db8::1` and `::ffff:10.0.0.1`: no port, no brackets, no zone, and no leading zero in
    /// IPv4, which some read as octal.
    package init?(_ text: some StringProtocol) { self.init(ascii: Array(text.utf8)[...]) }

    package init?(ascii text: ArraySlice<UInt8>) {
        if let number = Self.v4(text) {
            self.init(v4: number)
        } else if let bits = Self.v6(text) {
            self.init(bits: bits)
        } else {
            return nil
        }
    }

    package var isV4: Bool { bits >> 32 == Self.mapped >> 32 }

    static let mapped: UInt128 = 0xFFFF << 32

    private static func v4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let octet = decimal(part, atMost: UInt16(UInt8.max)) else { return nil }
            number = number << 8 | UInt32(octet)
        }
        return number
    }

    /// The three forms of RFC 4291 section 2.2.
    private static func v6(_ text: ArraySlice<UInt8>) -> UInt128? {
        // The longest: six full groups and a full IPv4 tail.
        guard text.count <= 45 else { return nil }
        guard let gap = text.indices.first(where: { text[$0...].starts(with: "::".utf8) }) else {
            guard let groups = groups(text, mayEndInV4: true), groups.count == 8 else { return nil }
            return joined(groups)
        }
        guard let head = groups(text[..<gap], mayEndInV4: false),
            let tail = groups(text[(gap + 2)...], mayEndInV4: true),
            head.count + tail.count <= 7
        else { return nil }
        return joined(head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: ArraySlice<UInt8>, mayEndInV4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, let number = v4(part) {
                groups += [UInt16(truncatingIfNeeded: number >> 16), UInt16(truncatingIfNeeded: number)]
            } else if let group = hexadecimal(part) {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var number: UInt16 = 0
        for byte in text {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            number = number << 4 | UInt16(digit)
        }
        return number
    }

    /// A number of one to five digits without a leading zero.
    static func decimal(_ text: ArraySlice<UInt8>, atMost limit: UInt16) -> UInt16? {
        guard let first = text.first, text.count == 1 || first != UInt8(ascii: "0"), text.count <= 5 else { return nil }
        var number: UInt32 = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
        }
        return number <= limit ? UInt16(number) : nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// As RFC 5952 writes it; IPv4 in four numbers.
    package var description: String {
        if isV4 {
            return (0..<4).reversed().map { String(UInt8(truncatingIfNeeded: bits >> ($0 * 8))) }.joined(separator: ".")
        }
        let groups = (0..<8).reversed().map { UInt16(truncatingIfNeeded: bits >> ($0 * 16)) }
        let gap = Self.longestRunOfZeros(groups)
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard gap.count > 1 else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    /// The first of the longest.
    private static func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<(index + 1)
            }
        }
        return longest
    }
}
