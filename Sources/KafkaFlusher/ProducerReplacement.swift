/// The steps by which a producer is replaced by a new one, without losing or mixing up records. No librdkafka.
struct ProducerReplacement {
    enum Cause: Equatable {
        /// It can go no further, and why.
        case fatal(String)
        /// A topic takes less than its MessageSets may hold; bytes.
        case smallerBatches(Int)
    }

    enum Action: Equatable {
        case nothing
        /// From now on new records are kept, and no decision is taken about held ones.
        case holdEverything
        /// What does not come back by itself is taken back.
        case takeBack
        /// Nothing is in flight; nil: the bound of MessageSets stays.
        case makeProducer(batchBytes: Int?)
    }

    private enum Phase: Equatable {
        case idle
        case begun
        case emptying(takeBackAt: UInt64)
        case emptied(notBefore: UInt64)
    }

    /// How long in-flight requests may take to be answered, nanoseconds. Longer than a round trip to replicas, much
    /// shorter than `request.timeout.ms`: what is taken back in flight may be repeated.
    static let grace: UInt64 = 3_000_000_000

    private var phase = Phase.idle
    private var causes: [Cause] = []
    private var backoff: Backoff
    private var lastDone: UInt64 = 0

    init(backoff: Backoff) { self.backoff = backoff }

    mutating func begin(_ cause: Cause) {
        causes.append(cause)
        if phase == .idle { phase = .begun }
    }

    /// The reason for people, if the cause is an error.
    var fatalText: String? {
        for case .fatal(let text) in causes { return text }
        return nil
    }

    /// - Parameter isEmpty: everything is held and nothing is in flight.
    mutating func step(now: UInt64, isEmpty: Bool) -> Action {
        switch phase {
        case .idle: return .nothing
        case .begun:
            phase = .emptying(takeBackAt: now + ProducerReplacement.grace)
            return .holdEverything
        case .emptying(let takeBackAt):
            if isEmpty {
                phase = .emptied(notBefore: notBefore(now))
                return step(now: now, isEmpty: true)
            }
            guard now >= takeBackAt else { return .nothing }
            phase = .emptying(takeBackAt: now + ProducerReplacement.grace)
            return .takeBack
        case .emptied(let notBefore):
            return now >= notBefore && isEmpty ? .makeProducer(batchBytes: batchBytes) : .nothing
        }
    }

    private var batchBytes: Int? {
        var least: Int?
        for case .smallerBatches(let bytes) in causes { least = min(least ?? bytes, bytes) }
        return least
    }

    /// The first fatal error is answered at once; when they follow each other, with growing waits.
    private mutating func notBefore(_ now: UInt64) -> UInt64 {
        guard fatalText != nil else { return now }
        if now > lastDone + 60_000_000_000 || lastDone == 0 {
            backoff.reset()
            return now
        }
        return now + backoff.next(random: now)
    }

    mutating func done(now: UInt64) {
        phase = .idle
        causes = []
        lastDone = now
    }

    mutating func failed(now: UInt64) { phase = .emptied(notBefore: now + backoff.next(random: now)) }

    var isActive: Bool { phase != .idle }
}
