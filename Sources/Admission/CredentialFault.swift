/// Why what stands in the place of a credential is none.
enum CredentialFault: Error, Equatable {
    case repeated(Credential.Place)
    case tooLong(Credential.Place)
    case malformed(Credential.Place)
}

extension CredentialFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .repeated(let place): "\(place) has more than one credential"
        case .tooLong(let place): "the credential in \(place) is longer than \(Credential.maxBytes) bytes"
        case .malformed(let place): "what is in \(place) is malformed"
        }
    }
}
