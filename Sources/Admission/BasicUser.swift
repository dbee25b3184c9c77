/// A user of HTTP basic authentication (RFC 7617).
package struct BasicUser: Sendable {
    package var username: String
    package var password: String

    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }
}

extension BasicUser: Concealing {}
