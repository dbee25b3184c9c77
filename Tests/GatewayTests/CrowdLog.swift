/// A log of a crowd's member: fixed in length, so that a hundred thousand of them are written and read without a search.
enum CrowdLog {
    private static let payload = Array(#"{"timestamp":0,"c":"00000000","n":"0000"}"#.utf8)
    private static let member = 20..<28
    private static let number = 35..<39
    /// A masked frame; a key of zeros leaves the payload as it is.
    private static let header: [UInt8] = [0x81, 0x80 | UInt8(payload.count), 0, 0, 0, 0]

    /// A frame with the member's log of this number.
    static func frame(_ member: Int, _ number: Int) -> [UInt8] {
        var frame = header + payload
        put(member, into: &frame, Self.member)
        put(number, into: &frame, Self.number)
        return frame
    }

    /// Whose log it is and which; nil: it is none of the crowd's.
    static func read(_ record: UnsafeRawBufferPointer) -> (member: Int, number: Int)? {
        guard record.count == payload.count else { return nil }
        return (value(record, member), value(record, number))
    }

    private static func put(_ value: Int, into frame: inout [UInt8], _ digits: Range<Int>) {
        var rest = value
        for place in digits.reversed() {
            frame[header.count + place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    private static func value(_ record: UnsafeRawBufferPointer, _ digits: Range<Int>) -> Int {
        var value = 0
        for place in digits { value = value * 10 + Int(record[place]) - 0x30 }
        return value
    }
}
