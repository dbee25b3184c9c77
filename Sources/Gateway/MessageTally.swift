import LogPipeline

/// What became of the logs of one message, as far as the loop knows: what was accepted Kafka has not got yet.
struct MessageTally: Equatable {
    var accepted = 0
    var dropped = 0
    /// Why the first one was dropped.
    private(set) var firstDrop: DropReason?

    mutating func note(_ commitment: Commitment) {
        switch commitment {
        case .accepted: accepted += 1
        case .dropped(let reason): drop(reason)
        case .notText: break
        }
    }

    mutating func drop(_ reason: DropReason) {
        dropped += 1
        if firstDrop == nil { firstDrop = reason }
    }
}
