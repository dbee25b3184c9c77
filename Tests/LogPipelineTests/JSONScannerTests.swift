import LogPipeline
import Testing

struct JSONScannerTests {
    @Test(arguments: [
        #"{"a":1e400}"#, #"{"a":123456789012345678901234567890}"#, #"{"a":"\ud800"}"#, #"{"a":"\udc00\ud800"}"#,
        #"{"a":-0.0e-0,"b":[[],{},[{}]],"c":null}"#, "{\"\":\"\u{7F}\"}", #"{"a":1,"a":2}"#,
    ])
    func whatTheGrammarAllowsIsAnObject(text: String) {
        #expect(shape(text) != nil)
    }

    @Test(arguments: [
        #"{"a":}"#, #"{"a":1 2}"#, #"{"a":+1}"#, #"{"a":.5}"#, #"{"a":1.}"#, #"{"a":1.e5}"#, #"{"a":1e}"#,
        #"{"a":-}"#, #"{"a":00}"#, #"{"a":-01}"#, #"{"a":tru}"#, #"{"a":trueX}"#, #"{"a":nul}"#, #"{"a":falsE}"#,
        #"{"a":[1,]}"#, #"{"a":[,1]}"#, #"{"a":[1}"#, #"{"a":{]}"#, #"{"a":1]"#, #"{,}"#, #"{"a":1,,"b":2}"#,
        #"{"a"}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\u12G4"}"#, #"{"a":"\"#, #"{"a":"x"#, #"{a:1}"#,
        "{\"a\":\"\n\"}", "{\"a\":1}\u{0}", "{\"a\":\"\u{0}\"}", "{\u{C}}", "{\u{A0}}", #"{"a":NaN}"#,
        #"{"a":1}/**/"#, #"{"a":'b'}"#, "{",
    ])
    func whatTheGrammarForbidsIsNone(text: String) {
        #expect(shape(text) == nil)
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String {
            #"{"a":"# + String(repeating: open, count: depth - 1) + String(repeating: close, count: depth - 1) + "}"
        }
        #expect(shape(nested(JSONScanner.maximumDepth, "[", "]")) != nil)
        #expect(shape(nested(JSONScanner.maximumDepth + 1, "[", "]")) == nil)
        #expect(shape(nested(1_000_000, "[", "")) == nil)
        let objects = String(repeating: #"{"a":["#, count: 255)
        #expect(shape("{\"b\":" + objects + String(repeating: "]}", count: 255) + "}") != nil)
        #expect(shape("{\"b\":" + objects + String(repeating: "}]", count: 255) + "}") == nil)
    }

    @Test func membersAreFoundUnderAnySpelling() {
        #expect(shape(#"{"timestamp":1}"#)?.timestamp == 13..<14)
        #expect(shape(#"{"\u0074imestamp" : "x" }"#)?.timestamp == 20..<23)
        #expect(shape(#"{"\u0074\u0069\u006d\u0065\u0073\u0074\u0061\u006D\u0070":1}"#)?.timestamp != nil)
    }

    @Test(arguments: [
        #"{"Timestamp":1}"#, #"{"timestamp ":1}"#, #"{"\timestamp":1}"#, #"{"\u0054imestamp":1}"#,
        #"{"timestampx":1}"#, #"{"timestam\u0070\u0070":1}"#, #"{"timestam":1}"#, #"{"\u0174imestamp":1}"#,
        #"{"x":"timestamp"}"#, #"{"x":{"timestamp":1}}"#, #"{"timestam\\0070":1}"#,
    ])
    func otherNamesAreOtherMembers(text: String) {
        #expect(shape(text) != nil)
        #expect(shape(text)?.timestamp == nil)
    }

    @Test func theLastOfSeveralIsTheOne() {
        #expect(shape(#"{"timestamp":1,"timestamp":22}"#)?.timestamp == 27..<29)
        #expect(shape(#"{"timestamp":1,"x":{"timestamp":2}}"#)?.timestamp == 13..<14)
    }
}
