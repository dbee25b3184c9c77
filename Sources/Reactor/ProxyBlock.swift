/// Version 2 of the PROXY header: a signature, a command, addresses and further fields (TLVs).
enum ProxyBlock {
    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    private static let fixedLength = 16
    /// Of the whole header: room for every TLV that the specification knows, a client's certificate name included.
    private static let longest = 4096
    private static let typeOfChecksum: UInt8 = 3

    private enum Command {
        static let local: UInt8 = 0x20
        static let proxy: UInt8 = 0x21
    }

    /// How long the header is in all; nil while that is not known.
    ///
    /// - Parameter held: what came so far, asked after each byte.
    static func length(ofBeginning held: [UInt8]) throws(ProxyHeaderFault) -> Int? {
        guard held.count > signature.count else {
            guard signature.starts(with: held) else { throw .missing }
            return nil
        }
        let command = held[12]
        guard command == Command.local || command == Command.proxy else { throw .unknownCommand }
        guard held.count > 13 else { return nil }
        // A LOCAL header's family means nothing.
        if command == Command.proxy { _ = try lengthOfAddresses(held[13]) }
        guard held.count == fixedLength else { return nil }
        let length = fixedLength + Int(held[14]) << 8 + Int(held[15])
        guard length <= longest else { throw .tooLong }
        return length
    }

    /// - Parameter header: all of it, its beginning checked.
    static func header(of header: [UInt8]) throws(ProxyHeaderFault) -> ProxyHeader {
        guard header[12] == Command.proxy else { return ProxyHeader(source: nil) }
        let content = header[fixedLength...]
        let length = try lengthOfAddresses(header[13])
        guard content.count >= length else { throw .malformedBlock }
        let addresses = content.prefix(length)
        try check(content.dropFirst(addresses.count), of: header)
        return ProxyHeader(source: source(header[13], Array(addresses)))
    }

    private static func lengthOfAddresses(_ family: UInt8) throws(ProxyHeaderFault) -> Int {
        guard family & 0x0F <= 2 else { throw .unsupportedProtocol }
        switch family >> 4 {
        case 0: return 0
        case 1: return 12
        case 2: return 36
        case 3: return 216
        default: throw .unsupportedProtocol
        }
    }

    /// nil of what is no stream: the specification wants such a header taken as one that names nobody.
    private static func source(_ family: UInt8, _ bytes: [UInt8]) -> PeerAddress? {
        let port = { (offset: Int) in UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) }
        switch family {
        case 0x11: return IPAddress(networkBytes: bytes[..<4]).map { PeerAddress($0, port: port(8)) }
        case 0x21: return IPAddress(networkBytes: bytes[..<16]).map { PeerAddress($0, port: port(32)) }
        case 0x31:
            let path = bytes[..<108].prefix { $0 != 0 }
            // It goes into log lines.
            let isPrintable = !path.isEmpty && path.allSatisfy { (0x21...0x7E).contains($0) }
            return PeerAddress(description: isPrintable ? "unix:" + String(decoding: path, as: UTF8.self) : "unix")
        default: return nil
        }
    }

    /// Skips the TLVs, but for a checksum.
    private static func check(_ fields: ArraySlice<UInt8>, of header: [UInt8]) throws(ProxyHeaderFault) {
        var rest = fields
        var isChecked = false
        while !rest.isEmpty {
            guard rest.count >= 3 else { throw .malformedBlock }
            let start = rest.startIndex
            let length = Int(rest[start + 1]) << 8 + Int(rest[start + 2])
            guard rest.count >= 3 + length else { throw .malformedBlock }
            let value = (start + 3)..<(start + 3 + length)
            if rest[start] == typeOfChecksum {
                guard length == 4, !isChecked else { throw .malformedBlock }
                isChecked = true
                let sum = header[value].reduce(0) { $0 << 8 | UInt32($1) }
                var cleared = header
                cleared.replaceSubrange(value, with: [0, 0, 0, 0])
                guard CRC32C.sum(of: cleared) == sum else { throw .wrongChecksum }
            }
            rest = rest[value.upperBound...]
        }
    }
}

/// The checksum of RFC 4960 appendix B.
private enum CRC32C {
    static func sum(of bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0x82F6_3B78 }
        }
        return ~sum
    }
}
