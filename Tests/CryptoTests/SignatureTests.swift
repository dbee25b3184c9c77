import Crypto
import Testing

/// The examples of RFC 7515 appendix A, and what is near them.
@Suite struct SignatureTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let key: SignatureKey
        let message: [UInt8]
        let signature: [UInt8]

        var testDescription: String { name }
    }

    private static let claims =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    static let secret = bytes(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    )
    static let modulus = bytes(
        """
        ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs\
        D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV\
        MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ
        """
    )
    static let x = bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
    static let y = bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")

    static func examples() throws -> [Example] {
        [
            Example(
                name: "A.1, HS256",
                key: try .hmacSHA256(secret: secret),
                message: Array("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(claims)".utf8),
                signature: bytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
            ),
            Example(
                name: "A.2, RS256",
                key: try .rsa(modulus: modulus, exponent: bytes("AQAB")),
                message: Array("eyJhbGciOiJSUzI1NiJ9.\(claims)".utf8),
                signature: bytes(
                    """
                    cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb\
                    F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383\
                    LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy\
                    wlVmtVrBp0igcN_IoypGlUPQGe77Rw
                    """
                )
            ),
            Example(
                name: "A.3, ES256",
                key: try .p256(x: x, y: y),
                message: Array("eyJhbGciOiJFUzI1NiJ9.\(claims)".utf8),
                signature: bytes(
                    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
                )
            ),
        ]
    }

    @Test(arguments: try examples())
    func theExamplesOfRFC7515Verify(example: Example) {
        #expect(example.key.verifies(example.signature, of: example.message))
    }

    @Test(arguments: try examples())
    func aChangedBitAnywhereDoesNot(example: Example) {
        for index in example.signature.indices {
            var signature = example.signature
            signature[index] ^= 1
            #expect(!example.key.verifies(signature, of: example.message))
        }
        for index in example.message.indices {
            var message = example.message
            message[index] ^= 0x20
            #expect(!example.key.verifies(example.signature, of: message))
        }
    }

    @Test(arguments: try examples())
    func signaturesOfAnotherLengthOrKindDoNot(example: Example) throws {
        #expect(!example.key.verifies([], of: example.message))
        #expect(!example.key.verifies([0], of: example.message))
        #expect(!example.key.verifies(Array(example.signature.dropLast()), of: example.message))
        #expect(!example.key.verifies(example.signature + [0], of: example.message))
        #expect(!example.key.verifies([0] + example.signature, of: example.message))
        #expect(!example.key.verifies([UInt8](repeating: 0, count: example.signature.count), of: example.message))
        #expect(!example.key.verifies([UInt8](repeating: 0xFF, count: example.signature.count), of: example.message))
        #expect(!example.key.verifies([UInt8](repeating: 1, count: 100_000), of: example.message))
        for other in try SignatureTests.examples() where other.name != example.name {
            #expect(!example.key.verifies(other.signature, of: other.message))
        }
    }

    @Test func numbersThatMakeNoKeyAreRefused() throws {
        #expect(throws: SignatureKeyError.shortSecret(bytes: 31)) {
            try SignatureKey.hmacSHA256(secret: [UInt8](repeating: 7, count: 31))
        }
        let modulus = SignatureTests.modulus
        #expect(throws: SignatureKeyError.rsaSize(bits: 2047)) {
            try SignatureKey.rsa(modulus: [modulus[0] & 0x7F | 0x40] + modulus.dropFirst(), exponent: [1, 0, 1])
        }
        #expect(throws: SignatureKeyError.rsaSize(bits: 0)) { try SignatureKey.rsa(modulus: [0, 0], exponent: [3]) }
        for exponent in [[], [0], [1], [2], [1, 0], [UInt8](repeating: 1, count: 9)] {
            #expect(throws: SignatureKeyError.rsaExponent) {
                try SignatureKey.rsa(modulus: modulus, exponent: exponent)
            }
        }
        #expect(throws: SignatureKeyError.rsaNumbers) {
            try SignatureKey.rsa(modulus: modulus.dropLast() + [modulus.last! ^ 1], exponent: [1, 0, 1])
        }
        let (x, y) = (SignatureTests.x, SignatureTests.y)
        for (x, y) in [
            (y, x), (x, x), ([], []), ([0] + x, y), (x, Array(y.dropLast())), (x, y.dropLast() + [y.last! ^ 1]),
            ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 32)),
            ([UInt8](repeating: 0xFF, count: 32), [UInt8](repeating: 0xFF, count: 32)),
        ] {
            #expect(throws: SignatureKeyError.p256Point) { try SignatureKey.p256(x: x, y: y) }
        }
    }

    @Test func anRSAModulusMayHaveZerosInFront() throws {
        let key = try SignatureKey.rsa(modulus: [0] + SignatureTests.modulus, exponent: [0, 1, 0, 1])
        let example = try SignatureTests.examples()[1]
        #expect(key.verifies(example.signature, of: example.message))
    }

    @Test func aKeyServesManyThreads() async throws {
        for example in try SignatureTests.examples() {
            let results = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<16 { group.addTask { example.key.verifies(example.signature, of: example.message) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results == [Bool](repeating: true, count: 16))
        }
    }

    @Test func aKeyShowsNothing() throws {
        let key = try SignatureKey.hmacSHA256(secret: Array("0123456789abcdef0123456789abcdef".utf8))
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "SignatureKey(hmacSHA256)")
        #expect(!dumped.contains("48"))
    }

    private static func bytes(_ text: String) -> [UInt8] { Base64URL.decode(text.utf8)! }
}
