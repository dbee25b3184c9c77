import HTTPWire
import Testing

struct ContentTypeTests {
    @Test(
        arguments: [
            ("application/json", "application", "json", nil), ("Text/PLAIN;charset=UTF-8", "text", "plain", "utf-8"),
            ("text/plain ; Charset=\"utf-8\" ", "text", "plain", "utf-8"),
            ("a/b;x=\"1;charset=z\"; y=2", "a", "b", nil),
            ("a/b;", "a", "b", nil), ("a/b;;charset=utf-8;charset=UTF-8", "a", "b", "utf-8"),
            ("a/b; charset=\"ut\\f\\\\\\\"\"", "a", "b", "utf\\\""),
            ("application/vnd.x+json", "application", "vnd.x+json", nil),
            ("a/b;charset=iso-8859-1", "a", "b", "iso-8859-1"),
        ] as [(String, String, String, String?)]
    )
    func aTypeIsTakenApart(text: String, type: String, subtype: String, charset: String?) throws {
        let content = try #require(ContentType(text))
        #expect(content.type == type)
        #expect(content.subtype == subtype)
        #expect(content.charset == charset)
    }

    @Test(arguments: [
        "", "json", "/", "a/", "/b", "a/b/c", "a b/c", "a/b c", "a/b;charset", "a/b;charset=", "a/b;=x",
        "a/b; charset =utf-8",
        "a/b;charset= utf-8", "a/b;charset=\"utf-8", "a/b;charset=utf-8\"", "a/b;charset=\"a\"b\"",
        "a/b;charset=\"a\\\"",
        "a/b;charset=utf-8;charset=latin1", "a/b,c/d", "*/*;q=(1)", "ä/b",
    ])
    func whatIsNoTypeIsRefused(text: String) { #expect(ContentType(text) == nil) }

    @Test(arguments: [
        ("application/json", ContentType.Form.json), ("text/json", .json), ("application/cloudevents+json", .json),
        ("application/x-ndjson", .jsonLines), ("application/ndjson", .jsonLines), ("application/jsonl", .jsonLines),
        ("text/plain", .text), ("text/html", nil), ("application/octet-stream", nil), ("image/x+json", nil),
        ("multipart/form-data;boundary=x", nil),
    ])
    func theTypeSaysHowLogsAreWritten(text: String, form: ContentType.Form?) {
        #expect(ContentType(text)?.form == form)
    }

    @Test func onlyUTF8IsUTF8() {
        #expect(
            ["a/b", "a/b;charset=utf-8", "a/b;charset=UTF8", "a/b;charset=us-ascii"].allSatisfy {
                ContentType($0)?.isUTF8 == true
            }
        )
        #expect(["a/b;charset=latin1", "a/b;charset=utf-16"].allSatisfy { ContentType($0)?.isUTF8 == false })
    }

    @Test func theHeadHasOneOrNone() throws {
        func type(_ lines: String) throws -> ContentType? {
            try #require(requestHead("POST / HTTP/1.1\r\nHost: h\r\n\(lines)\r\n")).contentType
        }
        #expect(try type("Content-Type: text/plain\r\n") == ContentType("text/plain"))
        #expect(try type("") == nil)
        #expect(try type("Content-Type: a/b\r\nContent-Type: a/b\r\n") == nil)
        #expect(try type("Content-Type: nonsense\r\n") == nil)
    }
}
