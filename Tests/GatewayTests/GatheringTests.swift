import LogPipeline
import Reactor
import Simulation
import Testing

@testable import Gateway

private let interval = millisecond

/// Logs of several ticks that are handed over together.
@Suite struct GatheringTests {
    private func rig() -> GatewayRig { GatewayRig { $0.handOverInterval = interval } }

    @Test func afterAPauseALogGoesAtOnce() throws {
        let rig = rig()
        let client = rig.client()
        try rig.run(seconds: 1)
        client.send("first")
        try rig.run()
        #expect(rig.flusher.records().count == 1)
        try rig.run(seconds: 1)
        client.send("second")
        try rig.run()
        #expect(rig.flusher.records().count == 2)
        #expect(rig.flusher.flushes == 2)
    }

    @Test func whatComesSoonAfterIsGathered() throws {
        let rig = rig()
        let clients = [rig.client(), rig.client()]
        try rig.run(seconds: 1)
        clients[0].send("first")
        try rig.run()
        for client in clients {
            client.send("later")
            try rig.run()
        }
        #expect(rig.flusher.records().count == 1)
        #expect(rig.snapshot.ledger.isBalanced)
        rig.network.advance(by: 2 * interval)
        try rig.run()
        #expect(rig.flusher.records().count == 3)
        #expect(rig.flusher.flushes == 2)
    }

    @Test func muchGoesAtOnce() throws {
        let rig = rig()
        let client = rig.client()
        try rig.run(seconds: 1)
        client.send("first")
        try rig.run()
        for _ in 0..<100 { client.send(String(repeating: "m", count: 900)) }
        try rig.run()
        #expect(rig.flusher.records().count > 65)
    }

    @Test func anEndWaitsForNothing() throws {
        let rig = rig()
        let client = rig.client()
        try rig.run(seconds: 1)
        client.send("first")
        try rig.run()
        client.send("last")
        try rig.run()
        #expect(rig.flusher.records().count == 1)
        rig.inbox.post(.drain(within: second) {})
        try rig.run()
        #expect(rig.flusher.records().count == 2)
    }

    @Test func withoutAnIntervalEveryTickHandsOver() throws {
        let rig = GatewayRig()
        let client = rig.client()
        for number in 1...5 {
            client.send("log")
            try rig.run()
            #expect(rig.flusher.flushes == number)
        }
    }
}
