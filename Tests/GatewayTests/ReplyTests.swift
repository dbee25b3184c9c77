import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

@Suite struct ReplyTests {
    @Test func pingIsAnsweredWithItsPayload() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send(.ping, Array("abc".utf8))
        try rig.run()
        #expect(client.frames() == ["pong:abc"])
    }

    @Test func theMessagePingIsAnsweredPongAndIsNoLog() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send("ping")
        client.send(.binary, Array("ping".utf8))
        try rig.run()
        #expect(client.frames() == ["text:pong"])
        #expect(rig.flusher.records().count == 1)
        #expect(rig.snapshot.keepAliveMessages == 1)
        #expect(rig.snapshot.ledger.received[0] == 1)
    }

    @Test func anEchoRouteEchoesAndRelays() throws {
        let rig = GatewayRig()
        let client = rig.client("/echo")
        client.send(#"  {"a":1}"#)
        client.send("ping")
        client.send(#"{"broken"#)
        try rig.run()
        #expect(client.frames() == [#"text:  {"a":1}"#, "text:ping"])
        #expect(rig.flusher.records().count == 1)
    }

    @Test func aRouteWithoutTopicOnlyReplies() throws {
        let rig = GatewayRig()
        let client = rig.client("/raw")
        client.send("hello")
        client.send(.binary, [])
        try rig.run()
        #expect(client.frames() == ["text:hello", "binary:"])
        #expect(rig.snapshot.ledger.received == [0, 0, 0])
        #expect(rig.snapshot.ledger.receivedBytes[2] == 5)
    }

    @Test func echoesOfAClientThatNeverReadsAreSkippedAndCountedAndItsLogsAllArrive() throws {
        let rig = GatewayRig()
        rig.network.faults.sendBuffer = 4_096
        let client = rig.client("/echo")
        client.peer.stopReading()
        let log = String(repeating: "x", count: 900)
        for _ in 0..<1_000 { client.send(log) }
        try rig.run()
        #expect(rig.flusher.records().count == 1_000)
        #expect(rig.snapshot.echoesSkipped > 800)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func floodOfPingsIsBoundedWhenNobodyReads() throws {
        let rig = GatewayRig()
        rig.network.faults.sendBuffer = 4_096
        let client = rig.client()
        client.peer.stopReading()
        for _ in 0..<10_000 { client.send(.ping, Array(repeating: 0x61, count: 100)) }
        client.send("after")
        try rig.run(seconds: 20)
        #expect(rig.flusher.records().count == 1)
    }

    @Test func closeIsAnsweredWithItsCodeThenTCPEnds() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send("last")
        client.sendClose(.goingAway)
        try rig.run()
        #expect(client.frames() == ["close:1001"])
        #expect(client.peer.sawEnd)
        #expect(rig.flusher.records().count == 1)
    }

    @Test(
        arguments: [
            ("unmasked", [0x81, 0x01, 0x61], 1002),
            ("reserved bit", [0xC1, 0x80, 0, 0, 0, 0], 1002),
            ("reserved opcode", [0x83, 0x80, 0, 0, 0, 0], 1002),
            ("reserved control opcode", [0x8B, 0x80, 0, 0, 0, 0], 1002),
            ("control of 126 bytes", [0x89, 0xFE, 0x00, 0x7E, 0, 0, 0, 0], 1002),
            ("fragmented control", [0x09, 0x80, 0, 0, 0, 0], 1002),
            ("continuation of nothing", [0x80, 0x80, 0, 0, 0, 0], 1002),
            ("length not minimal", [0x81, 0xFE, 0x00, 0x01, 0, 0, 0, 0, 0x61], 1002),
            ("length with its highest bit", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1002),
            ("close of one byte", [0x88, 0x81, 0, 0, 0, 0, 0x03], 1002),
            ("close code 1005", [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED], 1002),
            ("text not UTF-8", [0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 1007),
            ("text ends within a character", [0x01, 0x81, 0, 0, 0, 0, 0xC3, 0x80, 0x80, 0, 0, 0, 0], 1007),
        ] as [(String, [UInt8], Int)]
    )
    func aViolationEndsTheConnectionWithItsCode(name: String, bytes: [UInt8], code: Int) throws {
        for path in ["/logs", "/echo", "/raw"] {
            let rig = GatewayRig()
            let client = rig.client(path)
            client.peer.write(bytes)
            client.send("never read")
            try rig.run(seconds: 3)
            #expect(client.frames() == ["close:\(code)"], "\(name) on \(path)")
            #expect(rig.flusher.records().isEmpty)
            #expect(rig.network.openConnections == 0)
            #expect(rig.snapshot.ledger.isBalanced)
        }
    }

    @Test func invalidUTF8SplitOverFramesFailsAsSoonAsItIsSeen() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send(.text, [0xE2, 0x82], isFinal: false)
        try rig.run()
        #expect(client.frames().isEmpty)
        client.send(.continuation, [0x28], isFinal: false)
        try rig.run()
        #expect(client.frames() == ["close:1007"])
    }
}
