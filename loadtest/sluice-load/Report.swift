/// What a run came to, for people and for machines.
struct Report: Equatable {
    struct Failure: Equatable {
        let connection: Int
        let reason: String
    }

    /// How many failures are named.
    static let failureLimit = 20

    /// The run's 8 digits, as its logs have them.
    let run: String
    /// Connections.
    var asked = 0
    /// Messages that were to be sent; nil when time alone decided.
    var planned: Int?
    var sent = 0
    /// Bytes of their payloads.
    var bytes = 0
    /// Messages of the server.
    var heard = 0
    /// From the first log to the end of the last connection.
    var seconds = 0.0
    /// Of this process, verifier included.
    var processorSeconds = 0.0
    /// Milliseconds that the latest log was behind its time, where there is a rate.
    var worstLag: Double?
    private(set) var failed = 0
    private(set) var failures: [Failure] = []
    var findings: VerifyFindings?
    /// Why nothing could be verified.
    var verifierFault: String?

    init(run: String) { self.run = run }

    mutating func addFailure(_ connection: Int, _ reason: String) {
        failed += 1
        if failures.count < Self.failureLimit { failures.append(Failure(connection: connection, reason: reason)) }
    }

    /// Whether everything is as it should be.
    var isClean: Bool {
        failed == 0 && verifierFault == nil && findings?.isClean ?? true && sent == planned ?? sent
    }

    /// Logs a second; 0 when nothing ran.
    var rate: Double { seconds > 0 ? Double(sent) / seconds : 0 }
}
