import Foundation
import Testing

extension WholeSystem {
    /// Very many connections that do as little as they can.
    @Suite struct CrowdTests {
        /// What Clients/crowd.py prints.
        private struct Opened: Decodable {
            let opened: Int
            let failed: Int
        }

        private struct Ended: Decodable {
            let ended: Int
            let codes: [String: Int]
        }

        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func crowd(_ gateway: Gateway, _ count: Int, _ kind: String, size: Int = 0) throws -> Child {
            try Tool.client(
                "crowd.py",
                ["127.0.0.1", "\(gateway.port)", "\(count)", kind, "/logs", "\(size)"],
                in: workspace
            )
        }

        private func opened(_ crowd: Child) async throws -> Opened {
            let line = try await crowd.lines(1, within: .seconds(300))[0]
            return try JSONDecoder().decode(Opened.self, from: Data(line.utf8))
        }

        private func ended(_ crowd: Child) async throws -> Ended {
            let before = crowd.output.count { $0 == "\n" }
            try crowd.tell("count")
            let line = try await crowd.lines(before + 1)[before]
            return try JSONDecoder().decode(Ended.self, from: Data(line.utf8))
        }

        private func expectALogArrives(_ gateway: Gateway) async throws {
            let delivered = try gateway.metrics().delivered
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(text: #"{"message":"amid the crowd"}"#)
            try await gateway.delivers(delivered + 1)
            try socket.close()
        }

        @Test(arguments: ["silent", "half"])
        func tenThousandConnectionsWithoutAHandshakeCostLittleAndEndAtTheDeadline(kind: String) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                // One address may have 1,024 of them otherwise, and all of these have the same.
                settings: "handshake_timeout: 8s\nhandshakes_per_address: 0",
                in: workspace
            )
            let before = try gateway.residentBytes()
            let crowd = try crowd(gateway, 10_000, kind)
            let opened = try await opened(crowd)
            #expect(opened.opened == 10_000)
            try await expectALogArrives(gateway)
            let growth = try gateway.residentBytes() - before
            #expect(growth < 64 << 20, "resident memory grew by \(growth)")
            try await eventually("all are ended at the deadline") { try await ended(crowd).ended == 10_000 }
            try crowd.tell("close")
            #expect(try await crowd.exit() == .code(0))
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func tenThousandIdleConnectionsCostLittleAndEndWithoutAReset() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let before = try gateway.residentBytes()
            let crowd = try crowd(gateway, 10_000, "idle")
            #expect(try await opened(crowd).opened == 10_000)
            #expect(try gateway.metrics().sum("sluice_connections") == 10_000)
            try await expectALogArrives(gateway)
            let growth = try gateway.residentBytes() - before
            #expect(growth < 64 << 20, "resident memory grew by \(growth)")
            try crowd.tell("finish")
            #expect(try await crowd.exit(within: .seconds(600)) == .code(0))
            try await eventually("all are gone") { try gateway.metrics().sum("sluice_connections") == 0 }
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func twoThousandThatHoldBackTheEndOfTheirMessageAreBoundedAndEnded() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n  max_len: 64KiB",
                settings: "max_partial: 16MiB\nmessage_timeout: 3s",
                in: workspace
            )
            let before = try gateway.residentBytes()
            let crowd = try crowd(gateway, 2_000, "withheld", size: 65_000)
            #expect(try await opened(crowd).opened == 2_000)
            var peak = before
            try await eventually("all are ended at their deadline", within: .seconds(240)) {
                peak = max(peak, try gateway.residentBytes())
                return try await ended(crowd).codes == ["1008": 2_000]
            }
            #expect(peak - before > 8 << 20, "nothing was kept, so this test shows nothing")
            #expect(peak - before < 64 << 20, "resident memory grew by \(peak - before)")
            #expect(try gateway.metrics().received == 0)
            try crowd.tell("close")
            #expect(try await crowd.exit() == .code(0))
            try await expectALogArrives(gateway)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func moreConnectionsThanDescriptorsNeitherEndNorSpinIt() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, descriptors: 128, in: workspace)
            let crowd = try crowd(gateway, 400, "silent")
            _ = try await opened(crowd)
            // Some descriptors are kept back, and whoever would need them is ended at once.
            var refused: [String: Int] = [:]
            try await eventually("most are refused: \(refused)") {
                refused = try gateway.metrics().byLabel("sluice_connections_refused_total", "reason")
                return refused["too_many_handshakes", default: 0] > 300
            }
            #expect(try gateway.descriptors() < 128)
            let before = try gateway.processorTime()
            try await Task.sleep(for: .seconds(3))
            let used = try gateway.processorTime() - before
            #expect(used < .seconds(1), "it used \(used) of three seconds while no place was free")
            try crowd.tell("reset")
            #expect(try await crowd.exit() == .code(0))
            try await eventually("it accepts again") { (try? RawWebSocket(port: gateway.port, seconds: 5)) != nil }
            try await expectALogArrives(gateway)
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
