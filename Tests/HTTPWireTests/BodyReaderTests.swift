import HTTPWire
import Testing

struct BodyReaderTests {
    struct Outcome: Equatable {
        var body = ""
        var isOver = false
        var left = 0
        var fault: BodyFault?
    }

    private func read(
        _ text: String,
        _ length: BodyLength = .chunked,
        maxBytes: Int = 1000,
        overhead: Int = 1000,
        cuts: [Int] = []
    ) -> Outcome {
        var reader = BodyReader(length, limits: BodyLimits(maxBytes: maxBytes, maxOverhead: overhead))
        var outcome = Outcome()
        let bytes = Array(text.utf8)
        var taken = 0
        feed(bytes, cuts: cuts) { span, offset in
            let start = offset
            let event = reader.next(span, at: &offset)
            taken += offset - start
            switch event {
            case .needMore: return false
            case .piece(let range):
                for index in range {
                    outcome.body.unicodeScalars.append(
                        Unicode.Scalar(span.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                    )
                }
                return true
            case .end:
                outcome.isOver = true
                outcome.left = bytes.count - taken
            case .refused(let status, let reason):
                outcome.fault = reason
                #expect(status == reason.status)
            }
            return false
        }
        return outcome
    }

    @Test func aBodyOfKnownLengthEndsThere() {
        #expect(read("hello!", .length(5)) == Outcome(body: "hello", isOver: true, left: 1))
        #expect(read("", .none) == Outcome(isOver: true))
        #expect(read("hel", .length(5)) == Outcome(body: "hel"))
        #expect(read("hello", .untilClose) == Outcome(body: "hello"))
    }

    @Test func aBodyOverTheLimitIsRefusedBeforeItIsRead() {
        #expect(read("hello", .length(5), maxBytes: 4) == Outcome(fault: .tooLong))
        #expect(read("5\r\nhello", maxBytes: 4) == Outcome(fault: .tooLong))
        #expect(read("hello", .untilClose, maxBytes: 4) == Outcome(fault: .tooLong))
        #expect(read("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", maxBytes: 4) == Outcome(body: "abc", fault: .tooLong))
    }

    @Test(arguments: [
        ("0\r\n\r\nrest", ""), ("5\r\nhello\r\n0\r\n\r\nrest", "hello"),
        ("00A\r\n0123456789\r\n000\r\n\r\nrest", "0123456789"),
        ("1;a=b\r\nx\r\n1;c=\"d e\"\r\ny\r\n0;z\r\n\r\nrest", "xy"), ("1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\nrest", "x"),
        ("2\r\n\r\n\r\n0\r\n\r\nrest", "\r\n"),
    ])
    func chunksAreJoinedForEveryCut(text: String, body: String) {
        let whole = Outcome(body: body, isOver: true, left: 4)
        #expect(read(text) == whole)
        for cut in 0...text.utf8.count { #expect(read(text, cuts: [cut]).body == body) }
        #expect(read(text, cuts: Array(0...text.utf8.count)).body == body)
    }

    @Test(arguments: [
        ("\r\n", BodyFault.malformedChunkSize), ("x\r\n", .malformedChunkSize), ("-1\r\n", .malformedChunkSize),
        ("0x1\r\n", .malformedChunkSize), ("1 \r\n", .malformedChunkSize), (" 1\r\n", .malformedChunkSize),
        ("1\n", .malformedChunkSize), ("1\rx", .malformedChunkSize), (";a\r\n", .malformedChunkSize),
        ("1;\u{0}\r\n", .malformedChunkSize), ("1;a\n", .malformedChunkSize),
        ("00000000000000001\r\n", .malformedChunkSize),
        ("FFFFFFFFFFFFFFFF\r\n", .tooLong), ("7FFFFFFFFFFFFFFF\r\n", .tooLong), ("3E9\r\n", .tooLong),
        ("1\r\nxy", .malformedChunkEnd), ("1\r\nx\n", .malformedChunkEnd), ("1\r\nx\rx", .malformedChunkEnd),
        ("0\r\n\n", .malformedTrailer), ("0\r\n\rx", .malformedTrailer), ("0\r\n a\r\n", .malformedTrailer),
        ("0\r\n:\r\n", .malformedTrailer), ("0\r\nA\r\n", .malformedTrailer), ("0\r\nA b: c\r\n", .malformedTrailer),
        ("0\r\nA: b\nC: d\r\n", .malformedTrailer), ("0\r\nA: b\rC", .malformedTrailer),
    ])
    func framingThatIsNotExactIsRefused(text: String, fault: BodyFault) {
        #expect(read(text).fault == fault)
        #expect(read(text, cuts: Array(0...text.utf8.count)).fault == fault)
    }

    @Test func framingWithoutContentIsBounded() {
        #expect(read("1;" + String(repeating: "a", count: 60), overhead: 50).fault == .chunkOverheadTooLong)
        #expect(read("0\r\nA: " + String(repeating: "a", count: 60), overhead: 50).fault == .chunkOverheadTooLong)
        let tiny = String(repeating: "1\r\nx\r\n", count: 100)
        #expect(read(tiny, overhead: 50).fault == .chunkOverheadTooLong)
        let honest = String(repeating: "40\r\n" + String(repeating: "x", count: 64) + "\r\n", count: 100)
        #expect(read(honest, maxBytes: 10_000, overhead: 50).fault == nil)
    }

    @Test func theEndAndARefusalAreFinal() {
        var reader = BodyReader(.length(1), limits: BodyLimits(maxBytes: 10))
        let bytes = Array("ab".utf8)
        var offset = 0
        #expect(reader.next(bytes.span.bytes, at: &offset) == .piece(0..<1))
        #expect(reader.next(bytes.span.bytes, at: &offset) == .end)
        #expect(reader.next(bytes.span.bytes, at: &offset) == .end)
        #expect(offset == 1)
        var refused = BodyReader(.length(11), limits: BodyLimits(maxBytes: 10))
        for _ in 0..<2 {
            #expect(refused.next(bytes.span.bytes, at: &offset) == .refused(status: 413, reason: .tooLong))
        }
    }
}
