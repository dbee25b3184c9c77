import Testing

@testable import sluice_load

struct LogFormTests {
    @Test func aLogIsAnObjectWithTimestampAndMessage() {
        let text = String(decoding: log(size: 110), as: UTF8.self)
        #expect(text.hasPrefix(#"{"timestamp":"2025-11-21T08:25:48.123Z","message":"sluice-load 0badcafe 000003 "#))
        #expect(text.contains(" 0000000017 "))
        #expect(text.hasSuffix(#"request c"}"#) || text.utf8.count == 110)
    }

    @Test(arguments: [100, 101, 102, 107, 108, 109, 200, 65_536])
    func aLogHasItsSizeAndIsReadBack(size: Int) {
        let bytes = log(connection: 999_999, number: LogForm.maxNumber, size: size)
        #expect(bytes.count == size)
        #expect(read(bytes, size: size) == .intact(connection: 999_999, number: LogForm.maxNumber))
    }

    @Test func everyChangeOfAnyByteIsSeen() {
        let whole = log()
        for index in whole.indices {
            for flip: UInt8 in [0x01, 0x20, 0x80] {
                var bytes = whole
                bytes[index] ^= flip
                if case .intact = read(bytes) { Issue.record("byte \(index) changed by \(flip) unseen") }
            }
        }
    }

    @Test func twoBytesThatChangedPlacesAreSeen() {
        let whole = log()
        for (one, other) in zip(whole.indices, whole.indices.dropFirst()) where whole[one] != whole[other] {
            var bytes = whole
            bytes.swapAt(one, other)
            if case .intact = read(bytes) { Issue.record("bytes \(one) and \(other) swapped unseen") }
        }
    }

    @Test func damageLeavesTheNameWhereItIsReadable() {
        let name = LogName(connection: 3, number: 17)
        var bytes = log()
        bytes[150] ^= 1
        #expect(read(bytes) == .damaged(name))
        #expect(read(Array(log().dropLast())) == .damaged(name))
        #expect(read(log() + [32]) == .damaged(name))
        #expect(read(Array(#"{"log":"#.utf8) + log() + [0x7D]) == .damaged(name))
        #expect(read(Array(log().prefix(80))) == .damaged(nil))
        bytes = log()
        bytes[LogForm.numberAt] = UInt8(ascii: "x")
        #expect(read(bytes) == .damaged(nil))
    }

    @Test func whatIsNotOfThisRunIsForeign() {
        var other = LogTemplate(run: Array("0badcaff".utf8), sizes: SizeTable(fixed: 200))
        other.setNumber(1)
        #expect(read(other.bytes) == .foreign)
        #expect(read([]) == .foreign)
        #expect(read(Array("hello".utf8)) == .foreign)
        #expect(read(Array(repeating: 0x61, count: 200)) == .foreign)
    }
}
