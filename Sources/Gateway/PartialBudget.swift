/// How much a loop's messages that are not yet whole may occupy (`max_partial`, this loop's share).
///
/// At the bound only connections already within a message are read, and of those only the ones that stay within
/// what they hold, beside a few that may grow on: so the bound is passed by at most `holders` times `max_len`,
/// and there is always somebody who gets on.
struct PartialBudget {
    /// Bytes.
    var bound: Int
    private(set) var used = 0
    private var holders: [UInt32] = []

    /// How many connections may grow beyond the bound at once.
    static let holderLimit = 8

    init(bound: Int) {
        self.bound = bound
    }

    var hasFreeHolders: Bool { holders.count < Self.holderLimit }
    var isExhausted: Bool { used >= bound }

    mutating func reserve(_ bytes: Int) { used += bytes }
    mutating func release(_ bytes: Int) { used -= bytes }

    /// Whether a connection may be read now.
    ///
    /// - Parameters:
    ///   - slot: whose turn it is.
    ///   - headroom: bytes its message may still grow without reserving more, nil outside a message.
    ///   - need: bytes that one read can bring.
    mutating func mayRead(slot: UInt32, headroom: Int?, need: Int) -> Bool {
        guard isExhausted else { return true }
        guard let headroom else { return false }
        if headroom >= need || holders.contains(slot) { return true }
        guard holders.count < Self.holderLimit else { return false }
        holders.append(slot)
        return true
    }

    /// The message of this connection is whole or gone.
    mutating func finished(slot: UInt32) {
        if let index = holders.firstIndex(of: slot) { holders.remove(at: index) }
    }
}
