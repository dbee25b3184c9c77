/// The addresses of `--source`: single ones and, for IPv4, ranges, with commas between.
enum SourceList {
    /// How many addresses there may be.
    private static let limit = 65_536

    static func parse(_ text: String) throws(UsageError) -> [String] {
        var addresses: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if part.contains(":") {
                addresses.append(String(part))
                continue
            }
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let low = number(ends[0]), let high = number(ends[ends.count - 1]),
                low <= high, high - low < limit
            else { throw .badSource(text) }
            addresses += (low...high).map(words)
        }
        return addresses
    }

    private static func number(_ text: Substring) -> UInt32? {
        let bytes = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard bytes.count == 4 else { return nil }
        var number: UInt32 = 0
        for byte in bytes {
            guard let byte else { return nil }
            number = number << 8 | UInt32(byte)
        }
        return number
    }

    private static func words(_ number: UInt32) -> String {
        [24, 16, 8, 0].map { "\(number >> $0 & 255)" }.joined(separator: ".")
    }
}
