internal import Crypto

/// A JSON web token taken apart (RFC 7515 section 5.2), not yet believed.
struct JWTToken {
    let algorithm: JWTAlgorithm
    let keyName: String?
    /// What the signature is of.
    let signed: [UInt8]
    let signature: [UInt8]
    private let payload: [UInt8]

    init(_ text: [UInt8]) throws(JWTFault) {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .notThreeParts }
        let header = try JWTToken.object(try JWTToken.bytes(parts[0], .header), .header)
        guard case .string(let name)? = header["alg"] else { throw .member("alg") }
        guard let algorithm = JWTAlgorithm(rawValue: name) else { throw .algorithm(name) }
        guard header["crit"] == nil else { throw .critical }
        self.algorithm = algorithm
        keyName = try header.text("kid")
        signature = try JWTToken.bytes(parts[2], .signature)
        payload = try JWTToken.bytes(parts[1], .claims)
        signed = Array(text[..<parts[1].endIndex])
    }

    /// To be read when the signature is known to be good, not before.
    func claims() throws(JWTFault) -> JSONObject { try JWTToken.object(payload, .claims) }

    private static func bytes(_ part: ArraySlice<UInt8>, _ name: JWTFault.Part) throws(JWTFault) -> [UInt8] {
        guard let bytes = Base64URL.decode(part), !bytes.isEmpty else { throw .base64(name) }
        return bytes
    }

    private static func object(_ bytes: [UInt8], _ part: JWTFault.Part) throws(JWTFault) -> JSONObject {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONReader.read(bytes)
        } catch {
            throw .json(part, error)
        }
        guard case .object(let object) = value else { throw .notAnObject(part) }
        return object
    }
}

extension JSONObject {
    /// Nil where there is no such member.
    func text(_ name: String) throws(JWTFault) -> String? {
        switch self[name] {
        case nil: nil
        case .string(let text): text
        default: throw .member(name)
        }
    }

    /// A NumericDate (RFC 7519 section 2); nil where there is no such member.
    func date(_ name: String) throws(JWTFault) -> Double? {
        switch self[name] {
        case nil: nil
        case .number(let seconds) where abs(seconds) <= JSONObject.farthestDate: seconds
        default: throw .member(name)
        }
    }

    /// Doubles beyond do not hold every second.
    private static var farthestDate: Double { 0x1p53 }
}
