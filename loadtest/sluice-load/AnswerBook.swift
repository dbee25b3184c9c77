/// Which logs of a connection wait for an answer, since when, and what is to be sent again after it broke.
///
/// Logs are numbered from 1 over the whole run; a server that acknowledges counts from 1 on each connection.
struct AnswerBook {
    private struct Entry {
        let last: Int
        let since: UInt64
    }

    /// Logs answered together, since the same time.
    struct Answered: Equatable {
        let count: Int
        let since: UInt64
    }

    /// The highest log that was ever sent.
    private(set) var highest = 0
    /// All up to here are answered.
    private(set) var answered = 0
    /// The last log before the present connection's first.
    private var base = 0
    private var entries: [Entry] = []
    private var first = 0
    /// Logs that were sent more than once.
    private(set) var again: [ClosedRange<Int>] = []

    /// Logs of which nothing was heard.
    var waiting: Int { highest - answered }

    /// Logs up to `last` are on their way.
    ///
    /// - Parameter since: what their latency counts from. Of what is sent again it stays what it was.
    mutating func sent(upTo last: Int, since: UInt64) {
        guard last > highest else { return }
        highest = last
        entries.append(Entry(last: last, since: since))
    }

    /// A log has come back, and with it all before it that ever will.
    ///
    /// - Returns: since when it was awaited; nil if it was not.
    mutating func echoed(_ number: Int) -> UInt64? {
        guard number > answered, number <= highest else { return nil }
        while first < entries.count, entries[first].last < number { first += 1 }
        guard first < entries.count else { return nil }
        let since = entries[first].since
        answered = number
        if entries[first].last == number { first += 1 }
        compact()
        return since
    }

    /// So many messages of this connection are settled.
    ///
    /// - Parameter messages: as the server counts them.
    mutating func settled(_ messages: Int, _ note: (Answered) -> Void) {
        let number = min(base + messages, highest)
        while first < entries.count, answered < number {
            let until = min(entries[first].last, number)
            note(Answered(count: until - answered, since: entries[first].since))
            answered = until
            if entries[first].last == until { first += 1 }
        }
        compact()
    }

    /// Which log a message of this connection is, as the server counts it.
    func number(ofMessage message: Int) -> Int { base + message }

    /// The connection broke; what is not answered goes again.
    ///
    /// - Parameter goesOn: whether the server's numbers go on with the session, and do not begin with 1 again.
    /// - Returns: the last log that does not.
    mutating func startAgain(goesOn: Bool = false) -> Int {
        if highest > answered { again.append((answered + 1)...highest) }
        base = goesOn ? 0 : answered
        return answered
    }

    private mutating func compact() {
        guard first > 1_024, first * 2 > entries.count else { return }
        entries.removeFirst(first)
        first = 0
    }
}
