/// Addresses that share their first bits: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
package struct IPRange: Hashable, Sendable {
    private let network: IPAddress
    private let mask: UInt128
    private let isV4: Bool
    private let prefix: Int

    /// Bits after the prefix may be set and mean nothing.
    package init?(_ text: some StringProtocol) {
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(ascii: $0) }) else { return nil }
        let isWrittenAsV6 = parts[0].contains(UInt8(ascii: ":"))
        let longest: UInt16 = isWrittenAsV6 ? 128 : 32
        switch parts.count {
        case 1: self.init(address, prefix: 128)
        case 2:
            guard let length = IPAddress.decimal(parts[1], atMost: longest) else { return nil }
            let prefix = isWrittenAsV6 ? Int(length) : Int(length) + 96
            // Mapped IPv4 with a prefix that leaves IPv4: whatever was meant, it is not this.
            if address.isV4 && prefix < 96 { return nil }
            self.init(address, prefix: prefix)
        default: return nil
        }
    }

    private init(_ address: IPAddress, prefix: Int) {
        mask = prefix == 0 ? 0 : ~0 << (128 - UInt128(prefix))
        network = IPAddress(bits: address.bits & mask)
        isV4 = address.isV4
        self.prefix = prefix
    }

    /// Never true of IPv4 in a range of IPv6: `::/0` is every IPv6 address.
    package func contains(_ address: IPAddress) -> Bool {
        address.isV4 == isV4 && address.bits & mask == network.bits
    }
}

extension IPRange: CustomStringConvertible {
    /// With its prefix, and without the bits after it.
    package var description: String { "\(network)/\(isV4 ? prefix - 96 : prefix)" }
}
