import LogPipeline

/// Whose session it is: that of another identity or route is another one, whatever its name.
struct SessionKey: Hashable, Sendable {
    /// Who was let in; nil where nobody asks.
    let identity: String?
    let route: Int
    /// As the client chose it.
    let name: String

    /// Where its records go, whichever connection and loop they come from. Hashed with the process's own seed: nobody
    /// chooses names that all meet in one partition.
    var lane: Int { LaneSet.firstSteady + hashValue & 63 }
}

/// A connection, across loops.
struct SessionSeat: Hashable, Sendable {
    let loop: Int
    /// `ConnectionID.owner`.
    let owner: UInt64
}
