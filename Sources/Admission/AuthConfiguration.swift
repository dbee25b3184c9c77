/// Whose credentials are good.
package struct AuthConfiguration: Sendable {
    package var tokens: [NamedToken]
    /// A line is `TOKEN` or `NAME TOKEN`; empty lines and those that begin with # are skipped.
    package var tokensFile: String?
    package var basic: [BasicUser]
    package var jwt: JWTConfiguration?
    /// The cookie that holds a token; empty: cookies are not looked at.
    package var cookie: String

    package init(
        tokens: [NamedToken] = [],
        tokensFile: String? = nil,
        basic: [BasicUser] = [],
        jwt: JWTConfiguration? = nil,
        cookie: String = "token"
    ) {
        self.tokens = tokens
        self.tokensFile = tokensFile
        self.basic = basic
        self.jwt = jwt
        self.cookie = cookie
    }
}

extension AuthConfiguration: Concealing {}
