import CVector
import Testing
import WebSocketOracle
import WebSocketWire

@Suite struct MaskingTests {
    private static let mask: UInt32 = 0xD1B5_3A7C

    @Test(arguments: 0..<32)
    func aCopyIsThatOfByteAfterByteForEveryLengthAndAlignment(alignment: Int) {
        for count in 0...200 {
            let source = Script.bytes(alignment + count + Masking.padding)
            var target = [UInt8](repeating: 0xEE, count: 7 + count + Masking.padding)
            source.withUnsafeBytes { source in
                target.withUnsafeMutableBytes { target in
                    Masking.copy(
                        from: source.baseAddress! + alignment,
                        to: target.baseAddress! + 7,
                        count: count,
                        mask: Self.mask
                    )
                }
            }
            #expect(Array(target[7..<7 + count]) == Self.masked(Array(source[alignment..<alignment + count])))
            #expect(target[..<7] == [0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE])
        }
    }

    /// With what this machine has, what all of its kind have, what all have; and in place.
    @Test(arguments: 0..<4)
    func aMarkedCopyIsACopyAndSaysWhatIsNoPlainCharacter(way: Int) {
        for count in 0...330 {
            let plain = (0..<count + Masking.padding).map { UInt8(truncatingIfNeeded: ($0 &* 89 &+ count) ^ ($0 >> 8)) }
            let source = Self.masked(plain)
            let words = count / 64 + 1
            var target = [UInt8](repeating: 0xEE, count: count + Masking.padding)
            // Not aligned, and with something behind it.
            var marks = [UInt8](repeating: 0xEE, count: 3 + words * 8 + 1)
            source.withUnsafeBytes { source in
                target.withUnsafeMutableBytes { target in
                    marks.withUnsafeMutableBytes { marks in
                        let (from, to, at) = (source.baseAddress!, target.baseAddress!, marks.baseAddress! + 3)
                        switch way {
                        case 0: Masking.copyMarked(from: from, to: to, count: count, mask: Self.mask, marks: at)
                        case 1: cv_copy_marked_baseline(to, from, count, Self.mask, at)
                        case 2: cv_copy_marked_portable(to, from, count, Self.mask, at)
                        default:
                            Masking.copy(from: from, to: to, count: count, mask: Self.mask)
                            cv_copy_marked(to, to, count, 0, at)
                        }
                    }
                }
            }
            #expect(Array(target[..<count]) == Array(plain[..<count]))
            let marked = (0...count).filter { marks[3 + $0 / 8] & (1 << ($0 % 8)) != 0 }
            let expected = (0..<count).filter { index in
                plain[index] < 0x20 || plain[index] >= 0x80 || plain[index] == 0x22 || plain[index] == 0x5C
            }
            #expect(marked == expected + [count])
            #expect(marks[..<3] == [0xEE, 0xEE, 0xEE])
            #expect(marks.last == 0xEE)
        }
    }

    @Test func maskingInPlaceTouchesNothingElse() {
        for start in 0...5 {
            for count in 0...100 {
                let before = Script.bytes(start + count)
                var bytes = before
                Masking.apply(Self.mask, to: &bytes, from: start)
                #expect(Array(bytes[..<start]) == Array(before[..<start]))
                #expect(Array(bytes[start...]) == Self.masked(Array(before[start...])))
            }
        }
    }

    @Test func aMaskTurnedFitsWhatFollows() {
        let payload = Script.bytes(64)
        let whole = Self.masked(payload)
        for cut in 0...payload.count {
            var rest = Array(payload[cut...])
            Masking.apply(Masking.turned(Self.mask, by: cut), to: &rest, from: 0)
            #expect(rest == Array(whole[cut...]))
        }
    }

    @Test func noMaskChangesNothing() {
        var bytes = Script.bytes(77)
        Masking.apply(0, to: &bytes, from: 0)
        #expect(bytes == Script.bytes(77))
        #expect(Masking.turned(0, by: 3) == 0)
    }

    /// RFC 6455 section 5.3, as it stands there.
    private static func masked(_ bytes: [UInt8]) -> [UInt8] {
        let key = withUnsafeBytes(of: mask) { Array($0) }
        return bytes.enumerated().map { $1 ^ key[$0 % 4] }
    }
}
