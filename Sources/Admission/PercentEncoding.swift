/// Percent-encoding of RFC 3986 section 2.1.
package enum PercentEncoding {
    /// The bytes that are meant, or nil where `%` is not followed by two hexadecimal digits. A `+` is itself: it is a
    /// space in forms only, and common in tokens.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(ASCII.hexValue), let low = rest.next().flatMap(ASCII.hexValue) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
