internal import Reactor

/// Which of a run's connections and writes are a loop's.
struct LoopShare: Equatable, Sendable {
    let index: Int
    let count: Int

    /// How many of so many connections.
    func connections(of all: Int) -> Int { all / count + (index < all % count ? 1 : 0) }

    /// What a connection of this loop is called in the run.
    func global(_ local: Int) -> Int { local * count + index }

    /// A connection of the run by its place in this loop; nil where it is another loop's.
    func local(_ global: Int) -> Int? { global % count == index ? global / count : nil }
}

/// What a loop is told.
enum GeneratorOrder: Sendable {
    /// Open the connections.
    case open
    /// Begin to send, at this time of the monotonic clock.
    case send(at: UInt64)
    /// Come to an end.
    case cut
}

/// What a loop has to say.
enum GeneratorNews: Sendable {
    case ready(LoopShare, Inbox<GeneratorOrder>)
    /// Every connection stands or has failed.
    case opened
    case progress(LoopShare, GeneratorProgress)
    case ended(LoopShare, Outcome)
    /// It cannot begin.
    case failed(Errno)
}

/// How far a loop is.
struct GeneratorProgress: Equatable, Sendable {
    var open = 0
    var sent = 0
    var answered = 0
}
