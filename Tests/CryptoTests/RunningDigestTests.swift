import Crypto
import Testing

struct RunningDigestTests {
    @Test(arguments: [0, 1, 63, 64, 65, 1_000, 100_000])
    func piecesGiveTheDigestOfTheWhole(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let digest = RunningDigest()
        var start = 0
        while start < count {
            let end = min(count, start + 1 + start / 3)
            bytes[start..<end].withUnsafeBytes { digest.update($0) }
            start = end
        }
        #expect(digest.finish() == Digest.sha256.hash(bytes))
    }
}
