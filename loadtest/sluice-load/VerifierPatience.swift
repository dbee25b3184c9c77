/// When a verifier, once everything is sent, has waited long enough. A pure value; times are those of one clock.
struct VerifierPatience {
    /// Once all is there, how long a repeated log has to turn up.
    static let afterwards: Duration = .milliseconds(500)

    /// Without a record for so long, what is missing is lost.
    let timeout: Duration
    private var lastNews: Duration?

    init(timeout: Duration) { self.timeout = timeout }

    /// - Parameters:
    ///   - records: how many have come since it was last asked.
    ///   - isComplete: whether every log is there.
    mutating func isOver(_ records: Int, _ isComplete: Bool, now: Duration) -> Bool {
        guard let lastNews, records == 0 else {
            lastNews = now
            return false
        }
        return now - lastNews >= (isComplete ? min(Self.afterwards, timeout) : timeout)
    }
}
