/// `auth` with anything in it: whoever shows one of these comes in.
package struct Credentials: Equatable, Sendable {
    /// One of `auth.tokens`.
    package struct Token: Equatable, Sendable {
        /// What the token is called where it must not be shown.
        package var name: String?
        package var token: Secret
    }

    /// One of `auth.basic`.
    package struct Basic: Equatable, Sendable {
        package var username: String
        package var password: Secret
    }

    /// `auth.jwt`: exactly one of the file and the secret is there.
    package struct JWT: Equatable, Sendable {
        /// `auth.jwt.jwks_file`: a JSON Web Key Set.
        package var jwksFile: String?
        /// `auth.jwt.secret`: HS256.
        package var secret: Secret?
        /// `auth.jwt.issuer`: what `iss` must be.
        package var issuer: String?
        /// `auth.jwt.audience`: what `aud` must be or hold.
        package var audience: String?
        /// `auth.jwt.leeway`: how wrong clocks may be. Default, and at most: 5 s.
        package var leeway = Duration.seconds(5)
    }

    package var tokens: [Token] = []
    /// `auth.tokens_file`: lines of `TOKEN` or `NAME TOKEN`.
    package var tokensFile: String?
    package var basic: [Basic] = []
    package var jwt: JWT?
    /// `auth.cookie`: the cookie that may hold a token; empty for none. Default: token.
    package var cookie = "token"
}
