/// Random logs: JSON with every kind of value and character, and damage done to it.
struct LogTexts {
    private var random: Seeded

    init(seed: UInt64) { random = Seeded(seed) }

    mutating func next() -> [UInt8] {
        var bytes: [UInt8] = []
        space(&bytes)
        object(depth: 0, &bytes)
        space(&bytes)
        if chance(60) { damage(&bytes) }
        return bytes
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let odd: [UInt8] = Array("{}[]\",:\\/0123456789-+.eEtrufalsn \t\n".utf8) + [0, 1, 0x1F, 0x7F, 0x80, 0xBF]
            let lead: [UInt8] = [0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF]
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[at] = pick(odd + lead)
            case 1: bytes.insert(pick(odd + lead), at: at)
            case 2: bytes.remove(at: at)
            default: bytes.removeSubrange(at...)
            }
        }
    }

    private mutating func space(_ bytes: inout [UInt8]) {
        while chance(20) { bytes.append(pick([0x20, 0x09, 0x0A, 0x0D])) }
    }

    private mutating func object(depth: Int, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        space(&bytes)
        let members = Int.random(in: 0...4, using: &random)
        for index in 0..<members {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            space(&bytes)
            if chance(50) {
                bytes += Array(pick(LogTexts.names).utf8)
            } else {
                string(&bytes)
            }
            space(&bytes)
            bytes.append(UInt8(ascii: ":"))
            space(&bytes)
            value(depth: depth, &bytes)
            space(&bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func value(depth: Int, _ bytes: inout [UInt8]) {
        switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &random) {
        case 0, 1, 2: string(&bytes)
        case 3, 4: bytes += Array(pick(LogTexts.scalars).utf8)
        case 5: bytes += Array("[]".utf8)
        case 6:
            bytes.append(UInt8(ascii: "["))
            value(depth: depth + 1, &bytes)
            while chance(50) {
                bytes.append(UInt8(ascii: ","))
                space(&bytes)
                value(depth: depth + 1, &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        default: object(depth: depth + 1, &bytes)
        }
    }

    private mutating func string(_ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        let alphabet = pick(LogTexts.alphabets)
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            bytes += Array((chance(5) ? pick(LogTexts.escapes) : pick(alphabet)).utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let names = [
        #""timestamp""#, #""message""#, #""\u0074imestamp""#, #""timestam\u0070""#, #""timestamp ""#, #""Timestamp""#,
        #""messag\u0065""#, #""tim\u0065stamp""#, #""\u0074\u0069\u006d\u0065\u0073\u0074\u0061\u006D\u0070""#,
    ]
    private static let scalars = [
        "0", "-0", "12", "-1.5", "1e5", "1E+5", "0.1e-2", "true", "false", "null", "{}", #""2026-11-21T07:49:20Z""#,
    ]
    private static let escapes = [
        #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u00e9"#, #"\uFFFF"#,
    ]
    private static let alphabets = [
        ["a", "b", " ", "z"], ["é", "ß", "a", " "], ["Ж", "д"], ["日", "本", "語"], ["ก", "ไ", "ท"], ["한", "퟿", "국"],
        ["😀", "𐀀", "\u{10FFFF}", "a"], ["\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{7F}", "~"],
    ]
}
