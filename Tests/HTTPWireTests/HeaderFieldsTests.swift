import HTTPWire
import Testing

struct HeaderFieldsTests {
    private func parsed(_ lines: String) -> HeaderFields? { requestHead("GET / HTTP/1.0\r\n\(lines)\r\n\r\n")?.headers }

    @Test func namesAreComparedWithoutCase() throws {
        let fields = try #require(parsed("X-Name: a\r\nx-NAME:b"))
        #expect(fields["x-name"] == "a")
        #expect(fields.values("X-NAME") == ["a", "b"])
        #expect(fields["x-nam"] == nil)
        #expect(fields.values("none").isEmpty)
        #expect(fields.count == 2)
        #expect(fields.lines.map(\.name) == ["X-Name", "x-NAME"])
        #expect(fields.lines.map(\.value) == ["a", "b"])
    }

    @Test func blanksAroundAValueAreNotPartOfIt() throws {
        let fields = try #require(parsed("A: \t b c\t \r\nB:\r\nC:  "))
        #expect(fields["a"] == "b c")
        #expect(fields["b"] == "")
        #expect(fields["c"] == "")
    }

    @Test func listsAreJoinedOverLines() throws {
        let fields = try #require(parsed("L: a , ,b\r\nM: x\r\nl:c,\"d,\\\"e\" ,"))
        #expect(fields.tokens("L") == ["a", "b", "c", "\"d,\\\"e\""])
        #expect(fields.hasToken("l", "B"))
        #expect(!fields.hasToken("l", "d"))
        #expect(fields.tokens("none").isEmpty)
    }

    @Test func bytesThatAreNotUTF8AreReplaced() throws {
        var reader = RequestHeadReader()
        let bytes = Array("GET / HTTP/1.0\r\nA: ".utf8) + [0xFF, 0xE4] + Array("\r\n\r\n".utf8)
        var offset = 0
        guard case .head(let head) = reader.next(bytes.span.bytes, at: &offset) else { return #expect(Bool(false)) }
        #expect(head.headers["a"] == "\u{FFFD}\u{FFFD}")
    }
}
