/// A token that lets in whoever has it.
package struct NamedToken: Sendable {
    /// nil: the first 8 hexadecimal digits of the token's SHA-256.
    package var name: String?
    package var token: String

    package init(name: String? = nil, token: String) {
        self.name = name
        self.token = token
    }

    /// Why nobody could come in with it, or nil.
    var problem: String? {
        if token.isEmpty { return "the token is empty" }
        if token.utf8.count > Credential.maxBytes { return "the token is longer than \(Credential.maxBytes) bytes" }
        if !token.utf8.allSatisfy(ASCII.isVisible) { return "a token has no spaces and nothing beyond ASCII" }
        guard let name, !IdentityName.isGood(name) else { return nil }
        return "a name is visible ASCII without spaces, \(IdentityName.maxBytes) bytes at most"
    }
}

extension NamedToken: Concealing {}
