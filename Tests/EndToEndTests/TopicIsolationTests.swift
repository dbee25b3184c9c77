import Foundation
import Testing

extension WholeSystem {
    /// One stuck topic is no other topic's trouble.
    @Suite struct TopicIsolationTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test func aTopicWithoutLeadersDoesNotSlowAnotherOne() async throws {
            let broker = try await MockBroker.start(topics: ["stuck": 2, "free": 4], in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /stuck\n  topic: stuck\n- path: /free\n  topic: free",
                settings: "max_in_flight: 16MiB\nstalled_after: 1s\nloops: 1",
                in: workspace
            )
            let stuckReader = try TopicReader("stuck", hosts: broker.hosts, in: workspace)
            let freeReader = try TopicReader("free", hosts: broker.hosts, in: workspace)
            let (stuckSent, freeSent) = (workspace.fresh("stuck"), workspace.fresh("free"))
            let stuck = try Tool.client(
                "relay.py",
                [
                    "\(gateway.url)/stuck", "--run", "stuck", "--connections", "4", "--size", "1000", "--sent",
                    stuckSent.path, "--until-closed",
                ],
                in: workspace
            )
            try await gateway.delivers(100)
            for partition in 0..<2 { try await broker.perform("leader stuck \(partition) -1") }
            try await eventually("the connections of the stuck topic are paused") {
                try gateway.metrics().sum("sluice_connections_paused") == 4
            }
            let free = try Tool.client(
                "relay.py",
                [
                    "\(gateway.url)/free", "--run", "free", "--connections", "4", "--messages", "5000", "--sent",
                    freeSent.path,
                ],
                in: workspace
            )
            #expect(try await free.exit(within: .seconds(240)) == .code(0))
            try await eventually("the free topic has everything") {
                try gateway.metrics().sum("sluice_logs_delivered_total", #"topic="free""#) == 20_000
            }
            #expect(try gateway.metrics().sum("sluice_connections_paused") == 4)
            #expect(try gateway.metrics().isConserved)
            try await eventually("/readyz is 200 and names the stuck topic") {
                let response = try gateway.readiness()
                return response.status == 200 && response.body.contains(#""topic":"stuck""#)
            }
            let report = try await freeReader.report(run: "free", sent: freeSent)
            #expect(report.distinct == 20_000)
            #expect(report.missing == 0)
            #expect(report.repeated == 0)
            #expect(report.disordered == 0)

            for partition in 0..<2 { try await broker.perform("leader stuck \(partition) 1") }
            try await gateway.expectAll(
                from: stuck,
                sent: stuckSent,
                besides: 20_000,
                run: "stuck",
                in: stuckReader
            )
        }
    }
}
