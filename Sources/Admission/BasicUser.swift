/// A user of HTTP basic authentication (RFC 7617).
package struct BasicUser: Sendable {
    package var username: String
    package var password: String

    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    /// Why nobody could come in as this user, or nil.
    var problem: String? {
        if username.isEmpty { return "the username is empty" }
        if password.isEmpty { return "the password is empty" }
        if username.utf8.contains(UInt8(ascii: ":")) { return "a username has no colon: it would end there" }
        if (username + password).utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return "neither username nor password have control characters"
        }
        // In base64, and with the colon, no longer than what is read of a request.
        guard username.utf8.count + password.utf8.count <= Credential.maxBytes / 4 * 3 - 3 else {
            return "username and password are too long"
        }
        return nil
    }
}

extension BasicUser: Concealing {}
