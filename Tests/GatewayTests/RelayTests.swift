import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

private let log = #"{"timestamp":"2026-01-01T00:00:00Z","message":"m"}"#

@Suite struct RelayTests {
    @Test func aLogWithATimestampIsRelayedByteForByte() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send(log)
        try rig.run()
        #expect(client.status == 101)
        #expect(rig.flusher.records() == [log])
        #expect(rig.snapshot.ledger.delivered == [1])
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func textBecomesARecordWithTheTimeOfArrival() throws {
        let rig = GatewayRig()
        rig.client().send("hello")
        try rig.run()
        #expect(rig.flusher.records() == [#"{"timestamp":"2023-11-14T22:13:20.000Z","message":"hello"}"#])
    }

    /// Every way to cut the bytes of a rich conversation in two gives the same records and replies.
    @Test func whereverTheBytesAreCutTheResultIsTheSame() throws {
        let script = Self.conversation
        var expected: (records: [String], frames: [String])?
        for cut in stride(from: 0, through: script.count, by: 1) {
            let rig = GatewayRig(seed: UInt64(cut))
            let client = rig.client(upgrade: false)
            client.peer.write(script[..<cut])
            try rig.run()
            client.peer.write(script[cut...])
            try rig.run()
            let result = (rig.flusher.records(), client.frames())
            if let expected {
                #expect(result.0 == expected.records, "cut at \(cut)")
                #expect(result.1 == expected.frames, "cut at \(cut)")
            } else {
                expected = result
                #expect(result.0.count == 3)
                #expect(
                    result.1 == ["pong:p", "text:\(log)", "text:wrap me", "text:fragmented", "text:ping", "close:1000"]
                )
            }
        }
    }

    @Test func oneByteAtATimeGivesTheSame() throws {
        let rig = GatewayRig()
        let client = rig.client(upgrade: false)
        for byte in Self.conversation {
            client.peer.write([byte])
            try rig.run()
        }
        #expect(rig.flusher.records().count == 3)
        #expect(client.frames().last == "close:1000")
        // The peer leaves its side open: it is given two seconds.
        try rig.run(seconds: 3)
        #expect(rig.network.openConnections == 0)
    }

    private static var conversation: [UInt8] {
        var bytes = Array(GatewayClient.request("/echo").utf8)
        bytes += GatewayClient.frame(.ping, Array("p".utf8))
        bytes += GatewayClient.text(log)
        bytes += GatewayClient.text("wrap me")
        bytes += GatewayClient.frame(.text, Array("frag".utf8), isFinal: false)
        bytes += GatewayClient.frame(.pong, [])
        bytes += GatewayClient.frame(.continuation, [], isFinal: false)
        bytes += GatewayClient.frame(.continuation, Array("mented".utf8))
        bytes += GatewayClient.text("ping")
        bytes += GatewayClient.frame(.binary, Array(String(repeating: "x", count: 1_001).utf8))
        bytes += GatewayClient.frame(.text, [])
        bytes += GatewayClient.frame(.text, Array(#"{"broken":"#.utf8))
        bytes += GatewayClient.frame(.binary, [0xFF, 0xFE])
        var close: [UInt8] = []
        FrameWriter.append(close: .normal, mask: 9, to: &close)
        return bytes + GatewayClient.frame(.pong, Array("x".utf8)) + close
    }

    @Test func whatIsDroppedIsCountedByReasonAndTheConnectionStaysOpen() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send(.binary, Array(repeating: 0x61, count: 1_001))
        client.send("")
        client.send(#"{"no":"end""#)
        client.send(.binary, [0xC3])
        client.send(log)
        try rig.run()
        #expect(rig.dropped(.maxLen) == 1)
        #expect(rig.dropped(.empty) == 1)
        #expect(rig.dropped(.invalidJSON) == 1)
        #expect(rig.dropped(.invalidUTF8) == 1)
        #expect(rig.flusher.records() == [log])
        #expect(rig.snapshot.ledger.received[0] == 5)
        #expect(rig.snapshot.ledger.isBalanced)
        #expect(rig.snapshot.connections[0] == 1)
    }

    @Test(arguments: [1, 7, 100, 4_096])
    func aLogOfExactlyMaxLenPassesAndOneByteMoreIsDroppedHoweverItIsFragmented(step: Int) throws {
        let rig = GatewayRig()
        let client = rig.client()
        for length in [1_000, 1_001] {
            let payload = Array(String(repeating: "a", count: length).utf8)
            var at = 0
            while at < length {
                let end = min(length, at + step)
                client.send(at == 0 ? .text : .continuation, Array(payload[at..<end]), isFinal: end == length)
                at = end
            }
        }
        client.send(log)
        try rig.run()
        #expect(rig.flusher.records().count == 2)
        #expect(rig.dropped(.maxLen) == 1)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func aMessageCutOffBeforeItsEndWasNotReceived() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send(log)
        client.send(.text, Array("half".utf8), isFinal: false)
        client.peer.close()
        try rig.run()
        #expect(rig.snapshot.ledger.received[0] == 1)
        #expect(rig.network.openConnections == 0)
        #expect(rig.snapshot.connections[0] == 0)
    }

    @Test func aMessageOverMaxLenCountsEvenWhenItIsCutOff() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send(.text, Array(repeating: 0x61, count: 1_500), isFinal: false)
        client.peer.reset()
        try rig.run()
        #expect(rig.dropped(.maxLen) == 1)
        #expect(rig.snapshot.resets == 1)
    }

    @Test func whatWasSentBeforeAResetIsRelayed() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        for _ in 0..<20 { client.send(log) }
        client.peer.reset()
        try rig.run()
        #expect(rig.flusher.records().count == 20)
    }
}
