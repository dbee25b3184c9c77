/// A token that lets in whoever has it.
package struct NamedToken: Sendable {
    /// nil: the first 8 hexadecimal digits of the token's SHA-256.
    package var name: String?
    package var token: String

    package init(name: String? = nil, token: String) {
        self.name = name
        self.token = token
    }
}

extension NamedToken: Concealing {}
