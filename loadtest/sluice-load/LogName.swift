/// Names one log of a run.
struct LogName: Hashable, Sendable {
    /// From 0.
    let connection: Int
    /// From 1.
    let number: Int
}

/// The first few logs that something has happened to, neighbours taken together, and how many there are in all.
struct LogNames: Equatable, Sendable {
    struct Run: Equatable, Sendable {
        let connection: Int
        let first: Int
        fileprivate(set) var last: Int
    }

    /// How many runs of neighbours are kept.
    static let limit = 20

    private(set) var count = 0
    private(set) var first: [Run] = []

    mutating func append(_ name: LogName) {
        count += 1
        if let last = first.last, last.connection == name.connection, last.last + 1 == name.number {
            first[first.count - 1].last = name.number
        } else if first.count < Self.limit {
            first.append(Run(connection: name.connection, first: name.number, last: name.number))
        }
    }

    /// Others whose names nobody has kept.
    mutating func addUnnamed(_ count: Int) { self.count += count }

    /// Those of others behind its own.
    mutating func merge(_ other: LogNames) {
        count += other.count
        first = Array((first + other.first).prefix(Self.limit))
    }

    /// `connection 3: 17, 40-52; connection 4: 1, …`
    var text: String {
        var text = ""
        var connection = -1
        var told = 0
        for run in first {
            if run.connection != connection {
                text += (text.isEmpty ? "" : "; ") + "connection \(run.connection): "
                connection = run.connection
            } else {
                text += ", "
            }
            text += run.first == run.last ? "\(run.first)" : "\(run.first)-\(run.last)"
            told += run.last - run.first + 1
        }
        return told < count ? text + ", …" : text
    }
}
