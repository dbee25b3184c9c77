import Crypto
import Testing

@Suite struct SecretDigestTests {
    /// Counts how many of the candidates were looked at.
    private final class Visits: Sequence {
        let candidates: [SecretDigest]
        var count = 0

        init(_ candidates: [SecretDigest]) { self.candidates = candidates }

        func makeIterator() -> AnyIterator<SecretDigest> {
            var rest = candidates[...]
            return AnyIterator {
                guard let next = rest.popFirst() else { return nil }
                self.count += 1
                return next
            }
        }
    }

    private let secrets = (0..<50).map { Array("secret \($0)".utf8) }

    @Test func allCandidatesAreVisitedWhereverTheRightOneStands() {
        for (index, secret) in secrets.enumerated() {
            let visits = Visits(secrets.map { SecretDigest(of: $0) })
            #expect(SecretDigest(of: secret).position(in: visits) == index)
            #expect(visits.count == secrets.count)
        }
        let visits = Visits(secrets.map { SecretDigest(of: $0) })
        #expect(SecretDigest(of: Array("secret 50".utf8)).position(in: visits) == nil)
        #expect(visits.count == secrets.count)
        #expect(SecretDigest(of: []).position(in: []) == nil)
    }

    @Test func aDigestShowsItsFirstDigitsWhenAskedAndElseNothing() {
        let digest = SecretDigest(of: Array("abc".utf8))
        #expect(digest.fingerprint == "ba7816bf")
        var dumped = ""
        dump(digest, to: &dumped)
        #expect(!dumped.contains("ba78") && !"\(digest)".contains("ba78"))
        #expect(digest == SecretDigest(of: Array("abc".utf8)))
        #expect(digest != SecretDigest(of: Array("abd".utf8)))
    }

    @Test func aFingerprintHasEightDigits() {
        #expect((0..<1000).allSatisfy { SecretDigest(of: Array("\($0)".utf8)).fingerprint.utf8.count == 8 })
    }

    @Test(
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{3FB}\u{3FE}"],
            ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy", "z7vPvg"]
        )
    )
    func base64OfURLsHasNoPadding(text: String, encoded: String) {
        #expect(Base64URL.encode(Array(text.utf8)) == encoded)
        #expect(Base64URL.decode(encoded.utf8) == Array(text.utf8))
    }

    @Test func base64OfURLsOfEveryByteComesBack() {
        for count in 0...257 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
        }
    }

    @Test(arguments: [
        "Z", "Zg=", "Zg==", "Zh", "Zm9=", "Zm9", "Zm 9", "Zm9+", "Zm9/", "Zm9v\n", "Zm9vY", "Zmü", "====",
    ])
    func base64OfURLsThatNobodyWouldEncodeIsRefused(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test func theHMACIsThatOfRFC4231() {
        let code = HMAC.sha256(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(code.prefix(4) == [0x5B, 0xDC, 0xC1, 0x46])
        #expect(HMAC.sha256([], key: []).count == 32)
    }
}
