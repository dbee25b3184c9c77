import LogPipeline
import Reactor
import Simulation
import Testing

@testable import Gateway

/// What a loop does for batches that gather.
@Suite struct GatheringLoopTests {
    private func gathering() -> GatewayRig { GatewayRig { $0.writer.gatherTime = 1_000_000 } }

    /// A rig whose client has just had a log handed over.
    private func started() throws -> (GatewayRig, GatewayClient) {
        let rig = gathering()
        let client = rig.client()
        try rig.run(seconds: 1)
        client.send("first")
        try rig.run()
        try #require(rig.flusher.records().count == 1)
        return (rig, client)
    }

    @Test func aTimerLetsThemGoWhenNothingElseComes() throws {
        let (rig, client) = try started()
        client.send("second")
        try rig.run()
        #expect(rig.flusher.records().count == 1)
        #expect(rig.snapshot.ledger.inFlight == 1)
        let sent = rig.network.now
        rig.network.advance(by: 50_000_000)
        while rig.flusher.records().count < 2, rig.network.now < sent + 50_000_000 { rig.step() }
        #expect(rig.flusher.records().count == 2)
        #expect(rig.network.now - sent < 6_000_000)
        try rig.run()
        #expect(rig.snapshot.ledger.inFlight == 0)
    }

    @Test func aLaterTickTakesThemAlong() throws {
        let (rig, client) = try started()
        client.send("second")
        try rig.run()
        rig.network.advance(by: 1_100_000)
        client.send("third")
        try rig.run()
        #expect(rig.flusher.records().count == 3)
    }

    @Test func aDrainDoesNotWaitForThem() throws {
        let (rig, client) = try started()
        client.send("second")
        try rig.run()
        client.peer.close()
        try rig.run()
        let done = Flag()
        rig.inbox.post(.drain(within: second) { done.set() })
        try rig.run()
        #expect(rig.flusher.records().count == 2)
        #expect(done.isSet)
    }
}
