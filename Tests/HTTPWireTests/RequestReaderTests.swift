import HTTPWire
import Testing

struct RequestReaderTests {
    private func events(_ text: String, cuts: [Int] = [], maxBytes: Int = 100) -> [String] {
        var reader = RequestReader(bodyLimits: BodyLimits(maxBytes: maxBytes))
        var events: [String] = []
        var body: [UInt8] = []
        feed(Array(text.utf8), cuts: cuts) { span, offset in
            switch reader.next(span, at: &offset) {
            case .needMore: return false
            case .head(let head): events.append("\(head.method) \(head.path)")
            case .body(let range):
                for index in range { body.append(span.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
            case .end:
                events.append("body " + String(decoding: body, as: UTF8.self))
                body = []
            case .refused(let fault):
                if events.last != "\(fault.status) \(fault)" { events.append("\(fault.status) \(fault)") }
                return false
            }
            return true
        }
        return events + (reader.isIdle ? ["idle"] : [])
    }

    @Test func requestsFollowOneAnotherAtTheOffsetWhateverTheCuts() {
        let text =
            "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
            + "GET /b HTTP/1.1\r\nHost: h\r\n\r\n"
            + "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\nX: y\r\n\r\n"
            + "HEAD /d HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
        let whole = ["POST /a", "body hello", "GET /b", "body ", "POST /c", "body abcd", "HEAD /d", "body ", "idle"]
        #expect(events(text) == whole)
        for cut in 0...text.utf8.count { #expect(events(text, cuts: [cut]) == whole, "cut at \(cut)") }
        #expect(events(text, cuts: Array(0...text.utf8.count)) == whole)
    }

    @Test func whatIsRefusedStaysRefused() {
        let next = "GET /b HTTP/1.1\r\nHost: h\r\n\r\n"
        let tooLong = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n"
        #expect(events(tooLong + next) == ["POST /a", "413 the body is too long"])
        #expect(events(tooLong, cuts: [tooLong.utf8.count - 1]) == ["POST /a", "413 the body is too long"])
        let chunked = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx"
        #expect(events(chunked + next) == ["POST /a", "400 a chunk's size is malformed"])
        #expect(events("GET /\r\n\r\n" + next) == ["505 only HTTP/1.1 and HTTP/1.0 are spoken here"])
    }

    @Test func theLimitOfABodyMayFollowFromItsHead() {
        let bytes = Array("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello".utf8)
        var reader = RequestReader(bodyLimits: BodyLimits(maxBytes: 0))
        var offset = 0
        guard case .head = reader.next(bytes.span.bytes, at: &offset) else { return #expect(Bool(false)) }
        #expect(!reader.isIdle)
        reader.bodyLimits = BodyLimits(maxBytes: 5)
        guard case .body(let range) = reader.next(bytes.span.bytes, at: &offset) else { return #expect(Bool(false)) }
        #expect(range == (bytes.count - 5)..<bytes.count)
        guard case .end = reader.next(bytes.span.bytes, at: &offset) else { return #expect(Bool(false)) }
        #expect(reader.isIdle)
        #expect(offset == bytes.count)
    }
}
