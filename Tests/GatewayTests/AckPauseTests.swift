import LogPipeline
import Reactor
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

private func log(_ number: Int) -> String { #"{"timestamp":0,"n":\#(number)}"# }

/// What a client of `sluice.v1` hears of pressure, and of the end.
@Suite struct AckPauseTests {
    private let paused = #"text:{"pause":true}"#
    private let resumed = #"text:{"pause":false}"#

    @Test func aPauseThatLastsIsSaidAndSoIsItsEnd() throws {
        let rig = GatewayRig()
        let client = rig.acknowledged()
        client.send(log(1))
        try rig.run()
        rig.flusher.setReady(false)
        client.send(log(2))
        try rig.run()
        #expect(client.notices() == [#"text:{"ack":1}"#])
        try rig.run(seconds: 1)
        #expect(client.notices() == [#"text:{"ack":1}"#, paused])
        rig.flusher.setReady(true)
        try rig.run()
        #expect(client.notices() == [#"text:{"ack":1}"#, paused, resumed, #"text:{"ack":2}"#])
    }

    @Test func aMomentIsNotWorthAWord() throws {
        let rig = GatewayRig()
        let client = rig.acknowledged()
        try rig.run()
        for number in 1...10 {
            rig.flusher.setReady(false)
            client.send(log(number))
            try rig.run()
            rig.network.advance(by: 20 * millisecond)
            try rig.run()
            rig.flusher.setReady(true)
            try rig.run()
        }
        try rig.run(seconds: 1)
        #expect(client.acked == 10)
        #expect(!client.frames().contains(paused))
    }

    @Test func acksAreSaidWhileNothingIsRead() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        client.send(log(1))
        try rig.run()
        rig.flusher.setReady(false)
        client.send(log(2))
        try rig.run(seconds: 1)
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.notices() == [paused, #"text:{"ack":1}"#])
    }

    @Test func whoDoesNotReadIsToldOnlyHowThingsStandAtLast() throws {
        let rig = GatewayRig()
        rig.network.faults.sendBuffer = 32
        let client = rig.acknowledged()
        try rig.run()
        _ = client.head()
        client.peer.stopReading()
        for number in 1...50 {
            rig.flusher.setReady(false)
            client.send(log(number))
            try rig.run(seconds: 1)
            rig.flusher.setReady(true)
            try rig.run()
        }
        #expect(rig.pendingOutput < 256)
        client.peer.resumeReading()
        try rig.run()
        let words = client.notices().filter { $0.contains("pause") }
        #expect(words.count <= 4)
        #expect(words.isEmpty || words.last == resumed)
        #expect(client.acked == 50)
    }

    /// Who was told that it is not read, is then not read for its drops, and reads some of these only.
    @Test func whoReadsInPartsIsStillToldEverything() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        try rig.run()
        _ = client.head()
        rig.network.faults.sendBuffer = 8
        client.peer.stopReading()
        client.send(log(1))
        try rig.run()
        rig.flusher.setReady(false)
        client.send(log(2))
        try rig.run(seconds: 1)
        // Not all of the word fits into the kernel, so the next one waits.
        #expect(rig.pendingOutput > 0)
        rig.flusher.setReady(true)
        try rig.run()
        for _ in 0..<1_500 { client.send("{") }
        try rig.run()
        client.send(log(3))
        try rig.run()
        #expect(rig.snapshot.paused == 1)
        client.peer.stopReading(window: 60_000)
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        client.peer.resumeReading()
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.snapshot.paused == 0)
        #expect(client.acked == 1_503)
        let words = client.notices()
        #expect(words.filter { $0.contains("pause") } == [paused, resumed])
        #expect(words.filter { $0.contains("drop") }.count == 1_500)
    }

    @Test func atTheEndAClientGetsItsAcksAndIsToldToComeBack() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        let plain = rig.client()
        client.send(log(1))
        try rig.run()
        let done = Flag()
        rig.inbox.post(.drain(within: 20 * second) { done.set() })
        try rig.run()
        #expect(client.frames() == [])
        #expect(plain.frames() == ["close:1001"])
        // What comes now is not received: it is sent again to the next gateway.
        client.send(log(2))
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.frames() == [#"text:{"ack":1}"#, "close:1012"])
        #expect(rig.flusher.records().count == 1)
        client.peer.close()
        plain.peer.close()
        try rig.run(seconds: 5)
        #expect(done.isSet)
        #expect(rig.network.openConnections == 0)
    }

    @Test func atTheEndNobodyWaitsLongForAcks() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        let idle = rig.acknowledged()
        let waiting = rig.acknowledged()
        client.send(log(1))
        try rig.run()
        rig.flusher.setReady(false)
        waiting.send(log(1))
        try rig.run()
        rig.inbox.post(.drain(within: 20 * second) {})
        try rig.run()
        #expect(idle.frames() == ["close:1012"])
        #expect(waiting.frames() == ["close:1012"])
        rig.flusher.setReady(true)
        try rig.run(seconds: 3)
        #expect(client.frames() == ["close:1012"])
        #expect(rig.flusher.records().count == 1)
    }
}
