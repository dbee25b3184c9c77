/// Who sends what through which gateway while things go wrong.
struct FaultSetting: Equatable, Sendable {
    var partitions = 4
    var loops = 2
    /// MiB.
    var maxInFlight = 16
    /// Seconds.
    var drain = 6
    /// Records carry headers, and so go to librdkafka one by one.
    var hasSource = false
    /// A topic tells of the logs that are refused.
    var hasDeadLetters = false
    /// Clients without acknowledgement, and how many logs a second they send together.
    var plainClients = 6
    var plainRate = 800
    /// Clients of `sluice.v1`, without and with a session, and how many logs a second each kind sends.
    var ackedClients = 2
    var sessionClients = 2
    var ackedRate = 300

    init(random: inout SplitMix64) {
        partitions = random.one(of: [1, 2, 4, 6])
        loops = random.one(of: [1, 2, 2])
        // Small, so that the bound is met while Kafka is away; or large, so that it is not.
        maxInFlight = random.one(of: [1, 2, 16, 64])
        drain = random.one(of: [2, 6, 20])
        hasSource = random.happens(20)
        plainClients = random.one(of: [1, 4, 8, 20])
        plainRate = random.one(of: [200, 800, 1_500, 4_000])
        ackedClients = random.one(of: [1, 2, 4])
        sessionClients = random.one(of: [1, 2, 4])
        ackedRate = random.one(of: [100, 300, 600])
    }
}

extension FaultSetting: CustomStringConvertible {
    var description: String {
        "\(partitions) partitions, \(loops) loops, \(maxInFlight) MiB in flight, \(drain) s to drain"
            + (hasSource ? ", with headers" : "") + (hasDeadLetters ? ", with dead letters" : "")
            + "; \(plainClients) plain clients with \(plainRate) logs/s, "
            + "\(ackedClients) of sluice.v1 and \(sessionClients) with sessions with \(ackedRate) logs/s each"
    }
}
