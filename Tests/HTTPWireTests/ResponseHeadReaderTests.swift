import HTTPWire
import Testing

struct ResponseHeadReaderTests {
    private func read(_ text: String, cuts: [Int] = []) -> (head: ResponseHead?, fault: HeadFault?) {
        var reader = ResponseHeadReader()
        var result: (head: ResponseHead?, fault: HeadFault?) = (nil, nil)
        feed(Array(text.utf8), cuts: cuts) { span, offset in
            guard result.head == nil else { return false }
            switch reader.next(span, at: &offset) {
            case .needMore: break
            case .head(let head): result.head = head
            case .refused(let fault): result.fault = fault
            }
            return false
        }
        return result
    }

    @Test func anUpgradeIsReadForEveryCut() {
        let text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        for cut in 0...text.utf8.count {
            let head = read(text, cuts: [cut]).head
            #expect(head?.status == 101)
            #expect(head?.reason == "Switching Protocols")
            #expect(head?.headers.hasToken("connection", "upgrade") == true)
            #expect(head?.bodyLength(answering: "GET") == BodyLength.none)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK", BodyLength.untilClose), ("HTTP/1.0 200 ", .untilClose),
        ("HTTP/1.1 200 a b c\r\nContent-Length: 3", .length(3)),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", .chunked), ("HTTP/1.1 204 x\r\nContent-Length: 3", .none),
        ("HTTP/1.1 304 x\r\nContent-Length: 3", .none), ("HTTP/1.1 200 OK\r\nContent-Length: 0", .none),
    ])
    func theEndOfTheBodyIsKnown(text: String, length: BodyLength) {
        #expect(read(text + "\r\n\r\n").head?.bodyLength(answering: "GET") == length)
    }

    @Test(arguments: [
        ("HTTP/1.1 200\r\n", HeadFault.malformedStatusLine), ("HTTP/1.1  200 OK\r\n", .malformedStatusLine),
        ("HTTP/1.1 20 OK\r\n", .malformedStatusLine), ("HTTP/1.1 099 OK\r\n", .malformedStatusLine),
        ("HTTP/1.1 600 OK\r\n", .malformedStatusLine), ("HTTP/1.1 +20 OK\r\n", .malformedStatusLine),
        ("HTTP/2.0 200 OK\r\n", .unsupportedVersion), ("SSH-2.0-x\r\n", .malformedStatusLine),
        ("HTTP/1.1 200 OK\n", .bareLineFeed), ("HTTP/1.1 200 OK\r\nA : b\r\n", .invalidFieldName),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .duplicateContentLength),
    ])
    func whatIsMalformedIsRefused(text: String, fault: HeadFault) {
        #expect(read(text).fault == fault)
    }

    @Test func theReaderIsReadyForTheNextHead() {
        var reader = ResponseHeadReader()
        let bytes = Array("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n".utf8)
        var offset = 0
        for status in [100, 200] {
            guard case .head(let head) = reader.next(bytes.span.bytes, at: &offset) else { return #expect(Bool(false)) }
            #expect(head.status == status)
        }
    }
}
