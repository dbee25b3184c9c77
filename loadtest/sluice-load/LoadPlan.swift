/// Which message goes out on which connection, and when it is due: all of it fixed before the first one is sent.
///
/// Messages are numbered over the whole run and go out in writes of `batch`, the last one perhaps shorter. Write
/// number `w` belongs to connection `w % connections`. With a rate, a write is due when its first message is, evenly;
/// `Schedule` knows of other ways. What is called a message here is a log: some profiles join a write's into one.
struct LoadPlan: Equatable, Sendable {
    let connections: Int
    /// Over all connections.
    let messages: Int
    /// Messages of a write.
    let batch: Int
    /// Messages a second over all connections; 0 for everything at once.
    let rate: Int

    /// - Parameters:
    ///   - messages: nil for as many as are due within `duration`, or without bound when there is no rate.
    ///   - duration: nanoseconds.
    init(connections: Int, messages: Int?, batch: Int, rate: Int, duration: UInt64?) {
        var bound = messages ?? .max
        if rate > 0, let duration {
            let due = Double(duration) / 1e9 * Double(rate)
            bound = min(bound, Int(due.rounded(.up)))
        }
        self.connections = connections
        self.messages = bound
        self.batch = batch
        self.rate = rate
    }

    init(_ arguments: Arguments) {
        self.init(
            connections: arguments.connections,
            messages: arguments.profile == .idle ? 0 : arguments.messages,
            batch: arguments.batch,
            rate: arguments.rate,
            duration: arguments.duration
        )
    }

    /// How many writes the run has.
    var writes: Int { messages / batch + (messages % batch > 0 ? 1 : 0) }

    /// Which connection a write belongs to.
    func connection(ofWrite write: Int) -> Int { write % connections }

    /// How many messages a write has.
    func count(ofWrite write: Int) -> Int { min(batch, messages - write * batch) }

    /// How many messages a connection sends.
    func quota(of connection: Int) -> Int {
        let whole = messages / batch
        let writes = whole / connections + (connection < whole % connections ? 1 : 0)
        return writes * batch + (connection == whole % connections ? messages % batch : 0)
    }

    /// When a write is due: nanoseconds after the start.
    func dueTime(ofWrite write: Int) -> UInt64 {
        guard rate > 0 else { return 0 }
        let (high, low) = UInt64(write * batch).multipliedFullWidth(by: 1_000_000_000)
        guard high < UInt64(rate) else { return .max }
        return UInt64(rate).dividingFullWidth((high, low)).quotient
    }

    /// Which write a connection's message, counted from 0, belongs to.
    func write(of message: Int, on connection: Int) -> Int { message / batch * connections + connection }

    /// When a connection's message, counted from 0, is due: nanoseconds after the start.
    func dueTime(of message: Int, on connection: Int) -> UInt64 {
        rate > 0 ? dueTime(ofWrite: write(of: message, on: connection)) : 0
    }
}
