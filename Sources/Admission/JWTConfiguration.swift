/// Which JSON web tokens are good (RFC 7519). Their keys come from a file or are one shared secret.
package struct JWTConfiguration: Sendable {
    /// A JSON web key set (RFC 7517 section 5).
    package var jwksFile: String?
    /// The key of HS256, at least 32 bytes.
    package var secret: String?
    /// What `iss` must be.
    package var issuer: String?
    /// What must be in `aud`.
    package var audience: String?
    /// Seconds by which the clock of who signed may differ, 0...5.
    package var leeway: Int

    package init(
        jwksFile: String? = nil,
        secret: String? = nil,
        issuer: String? = nil,
        audience: String? = nil,
        leeway: Int = 5
    ) {
        self.jwksFile = jwksFile
        self.secret = secret
        self.issuer = issuer
        self.audience = audience
        self.leeway = leeway
    }
}

extension JWTConfiguration: Concealing {}
