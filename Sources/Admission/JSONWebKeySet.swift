internal import Crypto

/// Keys that check signatures, from a file (RFC 7517). Kinds and uses that are not known here are skipped; a key that
/// should be one of ours and cannot be used is an error: else tokens would be refused later and nobody would know why.
enum JSONWebKeySet {
    static func read(_ path: String) throws(AdmissionError) -> [VerificationKey] {
        let bytes = try FileBytes.read(path)
        do throws(JSONWebKeyFault) {
            return try keys(bytes)
        } catch {
            throw .file(path: path, problem: "\(error)")
        }
    }

    static func keys(_ bytes: [UInt8]) throws(JSONWebKeyFault) -> [VerificationKey] {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONReader.read(bytes)
        } catch {
            throw .json(error)
        }
        guard case .object(let set) = value, case .array(let entries)? = set["keys"] else { throw .noKeySet }
        var keys: [VerificationKey] = []
        for (index, entry) in entries.enumerated() {
            guard case .object(let members) = entry else { throw .key(index + 1, name: nil, "is no object") }
            if let key = try key(index + 1, members) { keys.append(key) }
        }
        guard !keys.isEmpty else { throw .nothingUsable }
        return keys
    }

    /// Nil for one that is not for us.
    private static func key(_ number: Int, _ members: JSONObject) throws(JSONWebKeyFault) -> VerificationKey? {
        let entry = JSONWebKey(members)
        guard let algorithm = entry.algorithm else { return nil }
        do throws(SignatureKeyError) {
            switch algorithm {
            case .hmacSHA256:
                guard let secret = entry.bytes("k") else { break }
                return VerificationKey(name: entry.name, key: try .hmacSHA256(secret: secret))
            case .rsaSHA256:
                guard let modulus = entry.bytes("n"), let exponent = entry.bytes("e") else { break }
                return VerificationKey(name: entry.name, key: try .rsa(modulus: modulus, exponent: exponent))
            case .p256SHA256:
                guard let x = entry.bytes("x"), let y = entry.bytes("y") else { break }
                return VerificationKey(name: entry.name, key: try .p256(x: x, y: y))
            }
        } catch {
            throw .key(number, name: entry.name, "\(error)")
        }
        throw .key(number, name: entry.name, "lacks its numbers, or they are not base64url without padding")
    }
}
