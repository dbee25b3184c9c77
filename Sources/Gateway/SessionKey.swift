/// Whose session it is: that of another identity or route is another one, whatever its name.
struct SessionKey: Hashable, Sendable {
    /// Who was let in; nil where nobody asks.
    let identity: String?
    let route: Int
    /// As the client chose it.
    let name: String
}

/// A connection, across loops.
struct SessionSeat: Hashable, Sendable {
    let loop: Int
    /// `ConnectionID.owner`.
    let owner: UInt64
}
