import Glibc
import Reactor

/// Addresses and ranges, held against the C library and against a reading bit by bit.
enum AddressOracle {
    static func checkAddress(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let address = IPAddress(text)
        let expected = text.contains("\0") ? nil : bits(text)
        guard address.map(networkBytes) == expected else {
            return "\"\(text)\" is \(String(describing: address)), not \(String(describing: expected))"
        }
        guard let address else { return nil }
        let written = address.description
        if IPAddress(written) != address || bits(written) != expected { return "\"\(text)\" is written \(written)" }
        if address.isV4 == written.contains(":") { return "\(written) has the wrong family" }
        return nil
    }

    /// The bytes are a range and an address with a blank between.
    static func checkRange(_ bytes: [UInt8]) -> String? {
        let parts = bytes.split(separator: UInt8(ascii: " "), maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 2, let range = IPRange(parts[0]), let address = IPAddress(parts[1]) else { return nil }
        let written = range.description
        guard IPRange(written) == range else { return "\(parts[0]) is written \(written)" }
        let network = written.split(separator: "/")
        guard network.count == 2, let prefix = Int(network[1]), let base = IPAddress(network[0]) else {
            return "\(parts[0]) is written \(written)"
        }
        let length = base.isV4 ? prefix + 96 : prefix
        let (left, right) = (networkBytes(base), networkBytes(address))
        let isWithin = (0..<length).allSatisfy { bit(left, $0) == bit(right, $0) }
        let expected = isWithin && base.isV4 == address.isV4
        return range.contains(address) == expected ? nil : "\(written) and \(address): not \(expected)"
    }

    private static func bit(_ bytes: [UInt8], _ index: Int) -> UInt8 { bytes[index / 8] >> (7 - index % 8) & 1 }

    /// All sixteen, IPv4 as mapped, read from how the address is written.
    private static func networkBytes(_ address: IPAddress) -> [UInt8] { bits(address.description) ?? [] }

    /// What the C library reads.
    private static func bits(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            return [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes[..<4]
        }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }
}
