import Admission
import LogPipeline
import Reactor
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

@Suite struct RateTests {
    private func slowed(_ rig: GatewayRig, _ reason: SlowReason) -> UInt64 {
        rig.snapshot.slowed[Int(reason.rawValue)]
    }

    @Test func whoIsOverItsRateIsReadLaterAndLosesNothing() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(logsPerSecond: 100)) }
        let client = rig.client()
        try rig.run()
        for _ in 0..<600 { client.send("a log") }
        try rig.run()
        // A read is taken whole: a second's worth is free, the rest is on credit.
        #expect(rig.flusher.records().count == 600)
        #expect(rig.snapshot.paused == 1)
        #expect(slowed(rig, .connectionRate) == 1)
        client.send("too early")
        let before = rig.network.wakeUps
        try rig.run(seconds: 4)
        #expect(rig.flusher.records().count == 600)
        #expect(rig.network.wakeUps == before)
        try rig.run(seconds: 2)
        #expect(rig.flusher.records().count == 601)
        #expect(rig.snapshot.paused == 0)
    }

    @Test func overTimeItIsReadAtItsRate() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(logsPerSecond: 1_000)) }
        rig.network.faults.receiveWindow = 4_096
        let client = rig.client()
        for _ in 0..<20_000 { client.send("a log of some length") }
        for second in 1...10 {
            try rig.run(seconds: 1)
            let count = rig.flusher.records().count
            #expect(count >= 1_000 * second && count <= 1_000 * (second + 1) + 300, "\(count) after \(second) s")
        }
    }

    @Test func bytesCountAsTheyComeOrAsTheyAreWhicheverIsMore() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(bytesPerSecond: 10_000)) }
        let client = rig.client()
        try rig.run()
        // Never whole, and counted all the same.
        client.send(.text, Array(repeating: 0x61, count: 900), isFinal: false)
        for _ in 0..<100 { client.send(.continuation, Array(repeating: 0x61, count: 900), isFinal: false) }
        try rig.run()
        #expect(slowed(rig, .connectionRate) >= 1)
        let table = limited(ConnectionLimits(bytesPerSecond: 10_000))
        let guest = Guest(
            identity: nil,
            limits: table[listener: 0, route: 0].limits,
            places: Places(),
            now: 0
        )
        guest.begin(logs: 0, content: 0)
        #expect(guest.end(wire: 100, logs: 0, content: 0) == (0, 100))
        #expect(guest.end(wire: 10, logs: 1, content: 105) == (1, 10))
        #expect(guest.end(wire: 10, logs: 2, content: 1_105) == (1, 995))
    }

    @Test func theConnectionsOfATokenShareItsRateOverAllLoops() throws {
        let shared = SharedState()
        let table = try guarded(limits: ConnectionLimits(tokenLogsPerSecond: 100))
        let rigs = (0..<2).map { _ in GatewayRig(shared: shared) { $0.admission = table } }
        let clients = rigs.map { $0.client("/logs?token=s3cret") }
        let other = rigs[1].client("/logs?token=0ther%2F%25")
        for rig in rigs { try rig.run() }
        for _ in 0..<300 { clients[0].send("a log") }
        try rigs[0].run()
        clients[1].send("one more")
        other.send("somebody else's")
        try rigs[1].run()
        #expect(slowed(rigs[0], .tokenRate) == 1)
        #expect(slowed(rigs[1], .tokenRate) == 1)
        #expect(rigs[1].snapshot.paused == 1)
    }

    @Test func aPauseForARateIsNoSilenceAndMakesNoMessageLate() throws {
        let route = LogRoute(path: "/logs", maxLen: 100_000, topic: TopicIndex(rawValue: 0), pingInterval: 0)
        let rig = GatewayRig(routes: [route]) {
            $0.admission = limited(ConnectionLimits(logsPerSecond: 1), routes: 1)
        }
        let client = rig.client()
        try rig.run()
        for _ in 0..<200 { client.send("a log") }
        client.send(.text, Array("half a".utf8), isFinal: false)
        try rig.run()
        client.send(.continuation, Array(" log".utf8))
        // Longer than idle_timeout and message_timeout together.
        try rig.run(seconds: 190)
        #expect(rig.flusher.records().count == 200)
        #expect(rig.network.openConnections == 1)
        try rig.run(seconds: 20)
        #expect(rig.flusher.records().count == 201)
    }

    @Test func atTheEndEverybodyIsHeardOut() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(logsPerSecond: 1)) }
        let client = rig.client()
        for _ in 0..<100 { client.send("a log") }
        try rig.run()
        client.send("the last one")
        try rig.run()
        #expect(rig.flusher.records().count == 100)
        rig.inbox.post(.drain(within: 20 * second) {})
        try rig.run(seconds: 1)
        #expect(rig.flusher.records().count == 101)
    }

    @Test func whoeverIsDueFirstIsFirst() {
        var queue = RateQueue()
        var times: [UInt64] = []
        for index in 0..<500 {
            let time = UInt64(index * 7_919 % 503) * 10 * millisecond
            times.append(time)
            queue.insert(ConnectionID(slot: UInt32(index), generation: 1), at: time)
        }
        var last: UInt64 = 0
        var count = 0
        while let id = queue.pop(at: .max) {
            #expect(times[id.index] >= last)
            last = times[id.index]
            count += 1
        }
        #expect(count == 500)
        #expect(queue.next == .max)
        queue.insert(ConnectionID(slot: 1, generation: 1), at: 25 * millisecond)
        let early = queue.pop(at: 25 * millisecond)
        let due = queue.pop(at: 30 * millisecond)
        #expect(early == nil && due != nil)
    }
}
