/// What a request says of where it comes from and who sends it: values as they came, nothing decoded.
package struct AdmissionRequest: Sendable {
    /// Values of the Origin fields.
    package var origins: [String]
    /// Values of the Authorization fields.
    package var authorization: [String]
    /// Values of the Cookie fields.
    package var cookies: [String]
    /// What Sec-WebSocket-Protocol offers, one name an element.
    package var protocols: [String]
    /// What follows `?` in the request's target.
    package var query: String?
    /// What stands for TOKEN in a path `/t/TOKEN/…`.
    package var pathToken: String?

    package init(
        origins: [String] = [],
        authorization: [String] = [],
        cookies: [String] = [],
        protocols: [String] = [],
        query: String? = nil,
        pathToken: String? = nil
    ) {
        self.origins = origins
        self.authorization = authorization
        self.cookies = cookies
        self.protocols = protocols
        self.query = query
        self.pathToken = pathToken
    }
}

extension AdmissionRequest: Concealing {}
