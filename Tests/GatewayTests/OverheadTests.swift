import Admission
import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

private func rig(_ rate: Int, split: Split = .none) -> GatewayRig {
    var limits = ConnectionLimits()
    limits.overheadFramesPerSecond = rate
    var route = LogRoute(path: "/logs", maxLen: 1_000, topic: TopicIndex(rawValue: 0), pingInterval: 0)
    route.split = split
    return GatewayRig(routes: [route]) {
        $0.admission = AdmissionTable([[AdmissionTable.Rule(limits: limits)]])
        $0.compression = DeflateSettings()
    }
}

@Suite struct OverheadMeterTests {
    @Test func aSecondsWorthIsFreeAndWhatIsBeyondIsWaitedFor() {
        var meter = OverheadMeter()
        let first = meter.take(100, rate: 100, at: 5 * second)
        #expect(first == 0)
        let second1 = meter.take(50, rate: 100, at: 5 * second)
        #expect(second1 == second / 2)
        let paid = meter.take(0, rate: 100, at: 5 * second + second / 2)
        #expect(paid == 0)
        let again = meter.take(1, rate: 100, at: 5 * second + second / 2)
        #expect(again == second / 100)
    }

    @Test func whoKeepsToTheRateNeverWaits() {
        var meter = OverheadMeter()
        var waits: UInt64 = 0
        for tick in 0..<100_000 as Range<UInt64> { waits += meter.take(1, rate: 1_000, at: tick * millisecond) }
        #expect(waits == 0)
    }
}

@Suite struct OverheadTests {
    /// Each kind of flood, as one connection sends it, and a log behind it.
    enum Flood: CaseIterable {
        case pings, pongs, emptyMessages, emptySplitMessages, emptyCompressedMessages, tinyFragments

        func send(_ client: GatewayClient, _ count: Int) {
            switch self {
            case .pings: for _ in 0..<count { client.send(.ping, []) }
            case .pongs: for _ in 0..<count { client.send(.pong, [1]) }
            case .emptyMessages, .emptySplitMessages: for _ in 0..<count { client.send("") }
            case .emptyCompressedMessages: for _ in 0..<count { client.sendCompressed(.text, [0]) }
            case .tinyFragments:
                for index in 0..<count { client.send(index == 0 ? .text : .continuation, [0x20], isFinal: false) }
                client.send(.continuation, [0x20])
            }
        }
    }

    @Test(arguments: Flood.allCases)
    func aFloodIsReadMoreSlowlyAndNothingBehindItIsLost(_ flood: Flood) throws {
        let rig = rig(100, split: flood == .emptySplitMessages ? .lines : .none)
        let client = rig.compressingClient()
        try rig.run()
        flood.send(client, 800)
        try rig.run()
        client.send(#"{"timestamp":0,"last":true}"#)
        try rig.run()
        let isLast = { rig.flusher.records().last == #"{"timestamp":0,"last":true}"# }
        #expect(!isLast())
        #expect(rig.snapshot.paused == 1)
        #expect(rig.snapshot.slowed[Int(SlowReason.overheadFrames.rawValue)] >= 1)
        let other = rig.client()
        other.send("beside it")
        try rig.run()
        #expect(rig.flusher.records().count >= 1)
        // 800 frames at 100 a second, of which 100 are free.
        try rig.run(seconds: 3)
        #expect(!isLast())
        try rig.run(seconds: 6)
        #expect(isLast())
        #expect(rig.snapshot.paused == 0)
        #expect(rig.snapshot.connections[0] == 2)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func logsAreNoOverheadAndNeitherAreLongFragments() throws {
        let rig = rig(10)
        let client = rig.client()
        for _ in 0..<200 {
            client.send("log")
            client.send(.text, Array(repeating: 0x61, count: 16), isFinal: false)
            client.send(.continuation, Array(repeating: 0x61, count: 16), isFinal: false)
            client.send(.continuation, [])
        }
        try rig.run()
        #expect(rig.flusher.records().count == 400)
        #expect(rig.snapshot.slowed[Int(SlowReason.overheadFrames.rawValue)] == 0)
    }

    @Test func aRateOfZeroIsNoBound() throws {
        let rig = rig(0)
        let client = rig.client()
        for _ in 0..<20_000 { client.send(.pong, []) }
        client.send("log")
        try rig.run()
        #expect(rig.flusher.records().count == 1)
    }
}
