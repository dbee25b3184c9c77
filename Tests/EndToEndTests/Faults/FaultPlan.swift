import Foundation

/// Which schedules are played: a few that never change, or those that the environment asks for (`Tests/faults`).
enum FaultPlan {
    private static let environment = ProcessInfo.processInfo.environment

    private static func number(_ name: String) -> UInt64? { environment[name].flatMap { UInt64($0) } }

    /// The first seed.
    private static let seed = number("SLUICE_FAULT_SEED")
    private static let isAsked = seed != nil || environment.keys.contains { $0.hasPrefix("SLUICE_FAULT_") }
    /// No schedule begins after this.
    private static let deadline = number("SLUICE_FAULT_MINUTES").map { ContinuousClock().now + .seconds(Int($0) * 60) }

    static var isTimeUp: Bool { deadline.map { ContinuousClock().now >= $0 } ?? false }

    /// How many schedules are played at a time on mock clusters.
    static let jobs = number("SLUICE_FAULT_JOBS").map { Int($0) } ?? 2
    /// Seeds of the schedules on the mock cluster.
    static let mock = seeds("SLUICE_FAULT_MOCK", otherwise: 6)
    /// Seeds of the schedules on Apache Kafka.
    private static let kafka = seeds("SLUICE_FAULT_KAFKA", otherwise: 2)

    /// The versions of Apache Kafka take turns.
    static func kafka(_ version: String) -> [UInt64] {
        let turn = UInt64(WholeSystem.KafkaTests.versions.firstIndex(of: version) ?? 0)
        let count = UInt64(WholeSystem.KafkaTests.versions.count)
        return kafka.filter { $0 % count == turn }
    }

    private static func seeds(_ name: String, otherwise count: UInt64) -> [UInt64] {
        let first = seed ?? 1
        let wanted = isAsked ? number(name) ?? 0 : count
        return wanted == 0 ? [] : Array(first...first + wanted - 1)
    }

    /// Where what a failed run has left goes; nil: nowhere.
    static let evidence = environment["SLUICE_FAULT_KEEP"].map { URL(filePath: $0) }
}
