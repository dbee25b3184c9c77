import LogPipeline
import Reactor
import Simulation
import Synchronization
import Testing
import WebSocketWire

@testable import Gateway

/// Something that happens once.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

@Suite struct DrainTests {
    private func drain(_ rig: GatewayRig, seconds: UInt64) -> Flag {
        let done = Flag()
        rig.inbox.post(.drain(within: seconds * second) { done.set() })
        return done
    }

    @Test func everybodyIsToldAndWhatIsOnItsWayIsRelayed() throws {
        let rig = GatewayRig()
        let clients = (0..<100).map { _ in rig.client() }
        try rig.run()
        let done = drain(rig, seconds: 20)
        for client in clients { client.send("on its way") }
        try rig.run(seconds: 1)
        #expect(clients.allSatisfy { $0.frames() == ["close:1001"] })
        for client in clients {
            client.send("still on its way")
            client.sendClose(.goingAway)
        }
        try rig.run()
        #expect(rig.flusher.records().count == 200)
        #expect(!done.isSet)
        for client in clients { client.peer.close() }
        try rig.run(seconds: 1)
        #expect(done.isSet)
        #expect(rig.network.openConnections == 0)
    }

    @Test func whoNeverReadsIsGivenAGraceAndThenClosed() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        let done = drain(rig, seconds: 20)
        client.peer.stopReading()
        try rig.run(seconds: 4)
        #expect(!done.isSet)
        client.send("late")
        try rig.run(seconds: 5)
        #expect(rig.flusher.records().count == 1)
        #expect(done.isSet)
    }

    @Test func nobodyIsAcceptedAnyMoreAndADrainWithoutConnectionsEndsAtOnce() throws {
        let rig = GatewayRig()
        let done = drain(rig, seconds: 20)
        try rig.run()
        #expect(done.isSet)
        let late = rig.client()
        try rig.run(seconds: 1)
        #expect(late.status != 101)
    }

    @Test func whoLeavesHurriesNobodyElse() throws {
        let rig = GatewayRig()
        let clients = (0..<100).map { _ in rig.client() }
        try rig.run()
        let done = drain(rig, seconds: 20)
        try rig.run()
        for client in clients.suffix(20) { client.peer.close() }
        try rig.run()
        // One slice has been told, and the time for the next one has not come.
        #expect(clients.filter { $0.frames() == ["close:1001"] }.count <= 10)
        for client in clients { client.peer.close() }
        try rig.run(seconds: 1)
        #expect(done.isSet)
    }

    @Test func itIsNotOverBeforeEveryLogIsHandedOver() throws {
        let rig = GatewayRig { $0.writer.partitioning.seed = 1 }
        rig.flusher.holdSettlements()
        let client = rig.client()
        client.send("before the move")
        try rig.run()
        // More partitions: the connection's next logs go to another one, once these two are settled.
        rig.flusher.partitionCount.store(2, ordering: .relaxed)
        client.send("with the move")
        try rig.run()
        client.send("behind it")
        try rig.run()
        try #require(rig.flusher.records().count == 2)
        let done = drain(rig, seconds: 60)
        client.peer.close()
        try rig.run(seconds: 1)
        #expect(rig.network.openConnections == 0)
        #expect(!done.isSet)
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.flusher.records().count == 3)
        #expect(done.isSet)
    }

    @Test func nothingFollowsOurClose() throws {
        let rig = GatewayRig()
        let client = rig.client("/echo")
        try rig.run()
        _ = drain(rig, seconds: 20)
        try rig.run()
        client.send("too late for an echo")
        client.send("ping")
        client.send(.continuation, Array("a violation".utf8))
        try rig.run()
        #expect(client.frames() == ["close:1001"])
        #expect(rig.flusher.records().count == 1)
        #expect(rig.snapshot.echoesSkipped == 1)
    }

    @Test func whoConnectsInTheLastMomentIsToldAndKeepsNobodyWaiting() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        let done = drain(rig, seconds: 20)
        let late = rig.client()
        _ = rig.client(upgrade: false)
        try rig.run()
        #expect(late.status == 503)
        client.peer.close()
        try rig.run(seconds: 6)
        #expect(done.isSet)
    }

    @Test func whoAsksAndAsksKeepsNobodyWaiting() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        let options = "OPTIONS /logs HTTP/1.1\r\nHost: x\r\n\r\n"
        client.peer.write(options)
        // Another one has begun when the end comes.
        client.peer.write(String(options.dropLast()))
        try rig.run()
        let done = drain(rig, seconds: 30)
        try rig.run()
        client.peer.write("\r\n")
        try rig.run()
        #expect(client.statuses == [204, 204])
        #expect(client.text.contains("Connection: close\r\n"))
        client.peer.close()
        try rig.run()
        #expect(done.isSet)
    }

    @Test func aDeadlineCutsWhoIsPausedForATopicThatDoesNotComeBack() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        rig.flusher.setReady(false)
        client.send("stuck")
        try rig.run()
        let done = drain(rig, seconds: 3)
        try rig.run(seconds: 10)
        #expect(done.isSet)
        #expect(rig.network.openConnections == 0)
        #expect(rig.snapshot.paused == 0)
    }
}
