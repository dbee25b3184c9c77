import Reactor
import Testing

@Suite struct ProxyHeaderTests {
    struct Reading: Equatable {
        var event: ProxyHeaderEvent
        /// Bytes taken of all that was given.
        var taken: Int
    }

    private func read(_ bytes: [UInt8], cuts: [Int] = []) -> Reading {
        var reader = ProxyHeaderReader()
        var reading = Reading(event: .needMore, taken: 0)
        var start = 0
        for end in cuts + [bytes.count] where end >= start {
            let piece = Array(bytes[start..<end])
            var offset = 0
            reading.event = reader.next(piece.span.bytes, at: &offset)
            reading.taken += offset
            start = end
        }
        return reading
    }

    private func source(_ host: String, _ port: UInt16) throws -> ProxyHeaderEvent {
        .header(ProxyHeader(source: PeerAddress(try #require(IPAddress(host)), port: port)))
    }

    /// The same for every single cut, and byte by byte.
    private func expect(_ header: [UInt8], _ event: ProxyHeaderEvent) {
        let whole = Reading(event: event, taken: header.count)
        let bytes = header + Array("GET / HTTP/1.1\r\n".utf8)
        #expect(read(bytes) == whole)
        #expect(read(header) == whole)
        for cut in 0...bytes.count { #expect(read(bytes, cuts: [cut]) == whole, "cut at \(cut)") }
        #expect(read(bytes, cuts: Array(0...bytes.count)) == whole)
        for length in 0..<header.count {
            #expect(read(Array(header[..<length])) == Reading(event: .needMore, taken: length))
        }
    }

    // MARK: Version 1

    @Test(arguments: [
        ("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", "192.168.0.1", 56324),
        ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255", 65535),
        ("PROXY TCP6 2001:db8::1 ::1 0 65535\r\n", "2001:db8::1", 0),
        ("PROXY TCP6 ::ffff:10.0.0.1 ::1 7 8\r\n", "10.0.0.1", 7),
        (
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535
        ),
    ])
    func aLineNamesTheClient(line: String, host: String, port: UInt16) throws {
        expect(Array(line.utf8), try source(host, port))
    }

    @Test(arguments: [
        "PROXY UNKNOWN\r\n", "PROXY UNKNOWN \r\n", "PROXY UNKNOWN whatever it is\r\n",
        "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
    ])
    func anUnknownClientIsNobody(line: String) { expect(Array(line.utf8), .header(ProxyHeader(source: nil))) }

    @Test(arguments: [
        ("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", 30), ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n", 34),
        ("PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n", 33), ("PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n", 36),
        ("PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", 33), ("PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n", 33),
        ("PROXY TCP4 ::1 ::1 1 2\r\n", 24), ("PROXY TCP6 1.2.3.4 ::1 1 2\r\n", 28),
        ("PROXY TCP6 ::1 1.2.3.4 1 2\r\n", 28),
        ("PROXY TCP4 \r\n", 13), ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", 31), ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rx", 32),
        ("PROXY TCP5", 10), ("PROXY tcp4", 7), ("PROXY  TCP4", 7), ("PROXY UNKNOWNS", 14), ("PROXY \r\n", 8),
        ("PROXY UNKNOWN \u{1}", 15),
        ("PROXY TCP4 \u{e9}", 12),
    ])
    func aWrongLineIsRefusedAtItsFirstWrongByteOrItsEnd(line: String, taken: Int) {
        let bytes = Array(line.utf8) + Array("GET".utf8)
        for cuts in [[], Array(0...bytes.count)] {
            #expect(read(bytes, cuts: cuts) == Reading(event: .refused(.malformedLine), taken: taken))
        }
    }

    @Test func aLineOfMoreThan107BytesIsRefused() {
        let longest = "PROXY UNKNOWN " + String(repeating: "x", count: 91) + "\r\n"
        expect(Array(longest.utf8), .header(ProxyHeader(source: nil)))
        let longer = "PROXY UNKNOWN " + String(repeating: "x", count: 92) + "\r\n"
        #expect(read(Array(longer.utf8)) == Reading(event: .refused(.tooLong), taken: 107))
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n", 1), ("PROXX", 5), ("\r\n\r\n\r", 5), ("\u{16}\u{3}\u{1}", 1), ("proxy TCP4", 1),
    ])
    func whatBeginsOtherwiseIsRefusedAtOnce(text: String, taken: Int) {
        #expect(read(Array(text.utf8)) == Reading(event: .refused(.missing), taken: taken))
    }

    // MARK: Version 2

    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    private func block(_ command: UInt8, _ family: UInt8, _ content: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? content.count
        return Self.signature + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)] + content
    }

    private static let v4: [UInt8] = [10, 0, 0, 1, 10, 0, 0, 2, 0x1F, 0x90, 1, 2]

    @Test func aBlockNamesTheClient() throws {
        expect(block(0x21, 0x11, Self.v4), try source("10.0.0.1", 8080))
        let v6 = [UInt8](repeating: 0, count: 15) + [1] + [UInt8](repeating: 9, count: 16) + [0, 80, 0, 81]
        expect(block(0x21, 0x21, v6), try source("::1", 80))
        let path = Array("/run/x.sock".utf8)
        let paths = path + [UInt8](repeating: 0, count: 216 - path.count)
        expect(block(0x21, 0x31, paths), .header(ProxyHeader(source: PeerAddress(description: "unix:/run/x.sock"))))
        let unprintable = [UInt8](repeating: 7, count: 216)
        expect(block(0x21, 0x31, unprintable), .header(ProxyHeader(source: PeerAddress(description: "unix"))))
    }

    @Test func aBlockThatNamesNobodyIsSkipped() {
        let nobody = ProxyHeaderEvent.header(ProxyHeader(source: nil))
        expect(block(0x20, 0x00, []), nobody)
        expect(block(0x20, 0xFF, [1, 2, 3]), nobody)
        expect(block(0x21, 0x00, []), nobody)
        expect(block(0x21, 0x12, Self.v4), nobody)
        expect(block(0x21, 0x10, Self.v4), nobody)
    }

    @Test func furtherFieldsAreSkipped() throws {
        let fields: [UInt8] = [2, 0, 3, 0x61, 0x2E, 0x62, 4, 0, 0, 0xEE, 0, 1, 9]
        expect(block(0x21, 0x11, Self.v4 + fields), try source("10.0.0.1", 8080))
        let most = [UInt8(4), 0x0F, 0xE1] + [UInt8](repeating: 0, count: 4065)
        let header = block(0x21, 0x11, Self.v4 + most)
        #expect(header.count == 4096)
        #expect(read(header) == Reading(event: try source("10.0.0.1", 8080), taken: 4096))
    }

    /// Of the header in the test below, by another program that gives 0xE3069283 for "123456789".
    private static let checksum: [UInt8] = [0xEB, 0x3D, 0x9B, 0xEF]

    @Test func aChecksumIsChecked() throws {
        let header = block(0x21, 0x11, Self.v4 + [3, 0, 4] + Self.checksum)
        expect(header, try source("10.0.0.1", 8080))
        for index in [16, 27, 31, 34] {
            var wrong = header
            wrong[index] ^= 1
            #expect(read(wrong) == Reading(event: .refused(.wrongChecksum), taken: header.count))
        }
        let twice = block(0x21, 0x11, Self.v4 + [3, 0, 3, 1, 2, 3])
        #expect(read(twice).event == .refused(.malformedBlock))
    }

    @Test func aWrongBlockIsRefusedAsSoonAsItIsKnown() {
        func expectRefusal(_ bytes: [UInt8], _ fault: ProxyHeaderFault, taken: Int) {
            for cuts in [[], Array(0...bytes.count)] {
                #expect(read(bytes, cuts: cuts) == Reading(event: .refused(fault), taken: taken))
            }
        }
        expectRefusal(block(0x11, 0x11, Self.v4), .unknownCommand, taken: 13)
        expectRefusal(block(0x22, 0x11, Self.v4), .unknownCommand, taken: 13)
        expectRefusal(block(0x21, 0x13, Self.v4), .unsupportedProtocol, taken: 14)
        expectRefusal(block(0x21, 0x41, Self.v4), .unsupportedProtocol, taken: 14)
        expectRefusal(block(0x20, 0x00, [], length: 4081), .tooLong, taken: 16)
        expectRefusal(block(0x21, 0x11, [], length: 65535), .tooLong, taken: 16)
        expectRefusal(block(0x21, 0x11, Array(Self.v4.dropLast())), .malformedBlock, taken: 27)
        expectRefusal(block(0x21, 0x11, Self.v4 + [2]), .malformedBlock, taken: 29)
        expectRefusal(block(0x21, 0x11, Self.v4 + [2, 0, 2, 0]), .malformedBlock, taken: 32)
    }
}
