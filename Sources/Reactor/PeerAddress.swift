/// Who is on the other side, for people: `127.0.0.1:5000`, `[::1]:5000`, `unix`.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
