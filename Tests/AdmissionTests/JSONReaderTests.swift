import Testing

@testable import Admission

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws(JSONFault) -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    @Test func valuesOfEveryKindAreRead() throws {
        let text = #" {"a":[1,-2.5e+1,0,true,false,null,{}, [ ] ],"":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é"}  "#
        let expected = JSONValue.object(
            JSONObject(members: [
                .init(
                    name: "a",
                    value: .array([
                        .number(1), .number(-25), .number(0), .bool(true), .bool(false), .null,
                        .object(JSONObject(members: [])), .array([]),
                    ])
                ),
                .init(name: "", value: .string("\"\\/\u{8}\u{C}\n\r\té😀é")),
            ])
        )
        #expect(try read(text) == expected)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "[1,]", "[,1]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "tru", "nul",
        "truex", "01", "-", "-01", "1.", ".1", "1e", "1e+", "+1", "1e400", "0x1", "NaN", "\"", "\"\n\"", #""\x""#,
        #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800x""#, "1 2", "[1 2]",
        #"{"a":1 "b":2}"#, "'a'", "\u{FEFF}1", "1\u{0}", "[1]]",
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONFault.self) { try read(text) }
    }

    @Test func aMemberTwiceIsRefusedHoweverItIsWritten() {
        #expect(throws: JSONFault.repeatedMember(at: 7)) { try read(#"{"a":1,"a":1}"#) }
        #expect(throws: JSONFault.repeatedMember(at: 7)) { try read(#"{"a":1,"\u0061":2}"#) }
        #expect(throws: JSONFault.repeatedMember(at: 13)) { try read(#"{"x":[{"a":1,"a":2}]}"#) }
        #expect(throws: Never.self) { try read(#"{"a":{"a":1},"A":1}"#) }
    }

    @Test func membersThatAreOnlyCanonicallyEquivalentAreTwo() throws {
        guard case .object(let object) = try read("{\"e\u{301}\":1,\"\u{E9}\":2}") else {
            Issue.record("no object")
            return
        }
        #expect(object["\u{E9}"] == .number(2))
        #expect(object["e\u{301}"] == .number(1))
    }

    @Test func nestingIsBounded() {
        let deepest = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(throws: Never.self) { try read(deepest) }
        #expect(throws: JSONFault.tooDeep(at: 32)) { try read("[" + deepest + "]") }
        #expect(throws: JSONFault.tooDeep(at: 160)) { try read(String(repeating: #"{"a":"#, count: 100_000)) }
    }

    @Test func whatIsNotUTF8IsRefused() {
        #expect(throws: JSONFault.invalidUTF8) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }
}
