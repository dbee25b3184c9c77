import Foundation
import Testing

extension WholeSystem {
    /// Random schedules of faults, each of which follows from its seed: nothing acknowledged is lost, the order is kept,
    /// and what the gateway says is true. `Tests/faults` plays more of them.
    struct FaultScheduleTests {
        /// A schedule waits most of the time.
        @Test func onTheMockClusterEverythingIsAsPromised() async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, seed) in FaultPlan.mock.enumerated() {
                    if number >= FaultPlan.jobs { try await group.next() }
                    group.addTask { try await Self.playOnMock(FaultSchedule(seed: seed, target: .mock)) }
                }
                try await group.waitForAll()
            }
        }

        /// One cluster for all schedules of a version.
        @Test(
            .enabled(if: Built.kafka != nil, "SLUICE_KAFKA names no folder with a real Kafka"),
            arguments: KafkaTests.versions
        )
        func onApacheKafkaEverythingIsAsPromised(version: String) async throws {
            let seeds = FaultPlan.kafka(version)
            guard !seeds.isEmpty else { return }
            let home = try Workspace()
            let kafka = try await KafkaCluster.start(version: version, in: home)
            for seed in seeds {
                let schedule = FaultSchedule(seed: seed, target: .kafka)
                let workspace = try Workspace()
                await Self.play(schedule, in: workspace) {
                    try await KafkaTarget(schedule, on: kafka, in: workspace)
                }
            }
        }

        private static func playOnMock(_ schedule: FaultSchedule) async throws {
            let workspace = try Workspace()
            await play(schedule, in: workspace) {
                try await MockTarget(schedule.setting, in: workspace)
            }
        }

        private static func play(
            _ schedule: FaultSchedule,
            in workspace: Workspace,
            on target: () async throws -> any FaultTarget
        ) async {
            guard !FaultPlan.isTimeUp else { return }
            do {
                let target = try await target()
                let outcome = try await FaultRun(schedule: schedule, target: target, workspace: workspace).play()
                let counts = outcome.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                print("faults: seed \(schedule.seed) on \(schedule.target.rawValue): \(counts.joined(separator: ", "))")
                #expect(outcome.faults.isEmpty, "\(schedule)\n\(outcome.faults.joined(separator: "\n"))")
                if !outcome.faults.isEmpty { keepEvidence(schedule, workspace) }
                try await target.tidy()
            } catch {
                keepEvidence(schedule, workspace)
                Issue.record("\(schedule)\n\(error)")
            }
        }

        private static func keepEvidence(_ schedule: FaultSchedule, _ workspace: Workspace) {
            guard let folder = FaultPlan.evidence else { return }
            let copy = folder.appending(path: "\(schedule.target.rawValue)-\(schedule.seed)")
            let files = FileManager.default
            try? files.removeItem(at: copy)
            try? files.copyItem(at: workspace.folder, to: copy)
            try? "\(schedule)".write(to: copy.appending(path: "schedule"), atomically: true, encoding: .utf8)
        }
    }
}
