import HTTPOracle
import HTTPWire
import Testing

struct BodyDecoderTests {
    private let text = Array(String(repeating: #"{"message":"größer"}"# + "\n", count: 500).utf8)

    @Test(arguments: [0, 1, 9], [false, true])
    func gzipComesOutForEveryCutAndRoom(level: Int, describes: Bool) {
        let gzip = Gzip.member(text, level: level, describes: describes)
        #expect(Decoding(gzip).output == text)
        for cut in stride(from: 0, through: gzip.count, by: 1 + gzip.count / 300) {
            let decoding = Decoding(gzip, cuts: [cut])
            #expect(decoding.output == text && decoding.end == .whole, "cut at \(cut)")
        }
        let bytewise = Decoding(gzip, cuts: Array(0...gzip.count), room: 1)
        #expect(bytewise.output == text && bytewise.end == .whole)
    }

    @Test func membersInARowAreOneBody() {
        let members = Gzip.member(text) + Gzip.member([]) + Gzip.member([65]) + Gzip.member([], describes: true)
        let decoding = Decoding(members)
        #expect(decoding.output == text + [65])
        #expect(decoding.end == .whole)
    }

    @Test func aBodyThatEndsEarlyIsNotWhole() {
        let gzip = Gzip.member([65, 66])
        for length in 1..<gzip.count { #expect(Decoding(Array(gzip[..<length])).end == .within) }
        #expect(Decoding([]).end == .whole)
        #expect(Decoding(gzip + gzip.prefix(5)).end == .within)
        #expect(Decoding(gzip + [0]).end == .within)
    }

    @Test func whatIsNoGzipIsCorruptForEver() {
        for bytes in [
            Array("plain".utf8), [0x1F, 0x8C], [0x78, 0x9C, 3, 0], Gzip.member([65]) + [0, 0],
            Gzip.member([65]) + [65, 66],
        ] {
            #expect(Decoding(bytes).end == .corrupt(.malformed))
        }
        let decoder = BodyDecoder(coding: .gzip)
        let wrong: [UInt8] = [1, 2]
        for _ in 0..<2 {
            var (taken, produced) = (0, 0)
            let step = wrong.withUnsafeBytes { input in
                withUnsafeTemporaryAllocation(byteCount: 8, alignment: 1) { output in
                    decoder.decode(input, taken: &taken, into: output, produced: &produced)
                }
            }
            #expect(step == .corrupt(.malformed))
            #expect(produced == 0)
        }
        #expect(!decoder.finish())
    }

    @Test func theTrailerIsChecked() {
        let gzip = Gzip.member(text)
        for index in (gzip.count - 8)..<gzip.count {
            var wrong = gzip
            wrong[index] ^= 0x10
            let decoding = Decoding(wrong)
            #expect(decoding.end == .corrupt(.malformed))
        }
    }

    @Test func aBombStopsWhereverTheCallerStops() {
        let bomb = Gzip.member([UInt8](repeating: 0, count: 16 << 20), level: 9)
        #expect(bomb.count < 17_000)
        let decoding = Decoding(bomb, limit: 100_000)
        #expect(decoding.end == .limit)
        #expect(decoding.output.count == 100_000)
    }

    @Test func noRoomIsAskedForOnlyWhileThereIsInputOrOutput() {
        let decoder = BodyDecoder(coding: .gzip)
        let gzip = Gzip.member([65, 66])
        var (taken, produced) = (0, 0)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 1)
        defer { output.deallocate() }
        let steps = gzip.withUnsafeBytes { input in
            var steps: [BodyDecoder.Step] = []
            let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            steps.append(decoder.decode(input, taken: &taken, into: none, produced: &produced))
            while steps.last != .needInput && steps.count < 5 {
                steps.append(decoder.decode(input, taken: &taken, into: output, produced: &produced))
            }
            let empty = UnsafeRawBufferPointer(start: nil, count: 0)
            var start = 0
            steps.append(decoder.decode(empty, taken: &start, into: output, produced: &produced))
            return steps
        }
        #expect(steps.first == .needRoom)
        #expect(steps.last == .needInput)
        #expect(steps.count < 6)
        #expect(Array(output) == [65, 66])
        #expect(decoder.finish())
    }

    @Test func identityIsCopied() {
        #expect(Decoding(text, coding: .identity, cuts: [3, 4000], room: 7).output == text)
        #expect(Decoding(text, coding: .identity).end == .whole)
        #expect(Decoding([], coding: .identity).end == .whole)
    }

    @Test(arguments: [
        ("", ContentCoding.identity), ("Content-Encoding: gzip", .gzip), ("Content-Encoding: X-GZip", .gzip),
        ("Content-Encoding: identity", .identity), ("Content-Encoding: identity, gzip", .gzip),
        ("Content-Encoding:", .identity), ("Content-Encoding: gzip\r\nContent-Encoding: gzip", nil),
        ("Content-Encoding: gzip, gzip", nil), ("Content-Encoding: deflate", nil), ("Content-Encoding: br", nil),
        ("Content-Encoding: gzip, br", nil), ("Content-Encoding: zstd", nil),
    ])
    func theHeadNamesTheCoding(field: String, coding: ContentCoding?) throws {
        let lines = field.isEmpty ? "" : field + "\r\n"
        let head = try #require(requestHead("POST / HTTP/1.1\r\nHost: h\r\n\(lines)\r\n"))
        #expect(head.contentCoding == coding)
    }
}
