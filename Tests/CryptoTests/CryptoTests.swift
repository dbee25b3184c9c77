import Crypto
import Testing

@Suite struct CryptoTests {
    @Test func digestsAreThoseOfFIPS180() {
        let text = Array("abc".utf8)
        #expect(hexadecimal(Digest.sha1.hash(text)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            hexadecimal(Digest.sha256.hash(text))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(hexadecimal(Digest.sha1.hash([])) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    }

    @Test(
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
            ]
        )
    )
    func base64IsThatOfRFC4648(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test func base64OfEveryByteComesBack() {
        for count in 0...257 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Z===", "====", "==", "Zh==", "Zm9=", "Zm9", "Zg==Zg==", "Zm 9v", "Zm9-", "Zm9_",
        "Zm9v\n", "=Zm9", "Zm=v", "Zmü=", "Z=g=",
    ])
    func base64ThatNobodyWouldEncodeIsRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func secretsAreEqualOnlyWhenEveryByteIs() {
        let secret = Array("a token that nobody knows".utf8)
        #expect(ConstantTime.areEqual(secret, secret))
        #expect(ConstantTime.areEqual([], []))
        #expect(!ConstantTime.areEqual(secret, Array(secret.dropLast())))
        for index in secret.indices {
            var other = secret
            other[index] ^= 1
            #expect(!ConstantTime.areEqual(secret, other))
        }
    }

    @Test func randomBytesAreAsManyAsAskedForAndNotTheSameTwice() throws {
        #expect(try SecureRandom.bytes(0).isEmpty)
        let one = try SecureRandom.bytes(32)
        #expect(one.count == 32)
        #expect(try SecureRandom.bytes(32) != one)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
