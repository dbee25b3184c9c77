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
