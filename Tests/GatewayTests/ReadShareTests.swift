import LogPipeline
import Reactor
import Testing

@testable import Gateway

/// Who sends much waits sooner than who sends little.
@Suite struct ReadShareTests {
    /// A window's length, nanoseconds.
    private let window: UInt64 = 1 << 27

    @Test func whoSendsMuchInAWindowIsLargeInTheNextOneToo() {
        var share = ReadShare()
        let now = 50 * window
        share.add(16 * 1024, at: now)
        #expect(!share.isLarge(at: now))
        share.add(1, at: now + 5)
        #expect(share.isLarge(at: now + 5))
        #expect(share.isLarge(at: now + window))
        #expect(!share.isLarge(at: now + 2 * window))
        share.add(1, at: now + window)
        #expect(share.isLarge(at: now + window))
        share.add(1, at: now + 2 * window)
        #expect(!share.isLarge(at: now + 2 * window))
    }

    @Test func whoWasSilentBeginsAnew() {
        var share = ReadShare()
        share.add(1 << 30, at: 3 * window)
        #expect(share.isLarge(at: 3 * window))
        share.add(100, at: 9 * window)
        #expect(!share.isLarge(at: 9 * window))
    }

    @Test func onlyWhoSendsMuchWaitsForAmpleRoom() throws {
        let rig = GatewayRig()
        let (busy, quiet) = (rig.client(), rig.client("/echo"))
        try rig.run()
        for _ in 0..<30 { busy.send(String(repeating: "x", count: 900)) }
        quiet.send("a")
        try rig.run()
        #expect(rig.flusher.records().count == 31)
        rig.flusher.setAmple(false)
        try rig.run()
        busy.send("kept back")
        quiet.send("b")
        try rig.run()
        #expect(rig.flusher.records().count == 32)
        #expect(rig.snapshot.paused == 1)
        #expect(quiet.frames().suffix(2) == ["text:a", "text:b"])
        rig.flusher.setAmple(true)
        try rig.run()
        #expect(rig.flusher.records().count == 33)
        #expect(rig.snapshot.paused == 0)
    }

    /// A rig and a client that has sent much, for which there is no ample room any more.
    private func withoutAmpleRoom() throws -> (GatewayRig, GatewayClient) {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        for _ in 0..<30 { client.send(String(repeating: "x", count: 900)) }
        try rig.run()
        rig.flusher.setAmple(false)
        return (rig, client)
    }

    @Test func whoSendsMuchNoMoreWaitsASecondAtMost() throws {
        let (rig, client) = try withoutAmpleRoom()
        client.send("kept back")
        try rig.run()
        #expect(rig.flusher.records().count == 30)
        #expect(rig.snapshot.paused == 1)
        try rig.run(seconds: 3)
        #expect(rig.flusher.records().count == 31)
        #expect(rig.snapshot.paused == 0)
    }

    @Test func aDrainDoesNotWaitForAmpleRoom() throws {
        let (rig, client) = try withoutAmpleRoom()
        client.send("on its way")
        try rig.run()
        #expect(rig.snapshot.paused == 1)
        rig.inbox.post(.drain(within: second) {})
        try rig.run()
        #expect(rig.flusher.records().count == 31)
    }

    @Test func whoWaitedForTheTopicWaitsForAmpleRoomAfterwards() throws {
        let rig = GatewayRig()
        let (busy, quiet) = (rig.client(), rig.client())
        try rig.run()
        for _ in 0..<30 { busy.send(String(repeating: "x", count: 900)) }
        try rig.run()
        rig.flusher.setAmple(false)
        rig.flusher.setReady(false)
        busy.send("kept back")
        quiet.send("a")
        try rig.run()
        #expect(rig.snapshot.paused == 2)
        rig.flusher.setReady(true)
        try rig.run()
        #expect(rig.flusher.records().count == 31)
        #expect(rig.snapshot.paused == 1)
        rig.flusher.setAmple(true)
        try rig.run()
        #expect(rig.flusher.records().count == 32)
    }
}
