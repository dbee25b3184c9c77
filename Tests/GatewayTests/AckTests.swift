import LogPipeline
import Reactor
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

extension GatewayRig {
    /// A client of `sluice.v1`.
    func acknowledged(
        _ path: String = "/logs",
        session: String? = nil,
        from: Int? = nil,
        compressing: Bool = false
    ) -> GatewayClient {
        let parameters = [session.map { "session=\($0)" }, from.map { "from=\($0)" }].compactMap(\.self)
        let path = parameters.isEmpty ? path : path + "?" + parameters.joined(separator: "&")
        var headers = ["Sec-WebSocket-Protocol: sluice.v1"]
        if compressing { headers.append("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits") }
        return client(path, headers)
    }
}

extension GatewayClient {
    /// The highest number that an ack has said; 0: none came.
    var acked: Int { acks.last ?? 0 }

    var acks: [Int] {
        frames().compactMap { frame in
            frame.hasPrefix(#"text:{"ack":"#) ? Int(frame.dropFirst(12).dropLast()) : nil
        }
    }

    /// The frames, without what Sluice sends to whoever is silent.
    func notices() -> [String] { frames().filter { $0 != "ping" } }
}

func splitRoute(_ path: String = "/split", _ split: Split = .lines) -> LogRoute {
    var route = LogRoute(path: path, maxLen: 1_000, topic: TopicIndex(rawValue: 0))
    route.split = split
    route.maxMessage = 1 << 20
    return route
}

private func log(_ number: Int) -> String { #"{"timestamp":0,"n":\#(number)}"# }

@Suite struct AckTests {
    private func rig(_ adjust: (inout GatewayConfiguration) -> Void = { _ in }) -> GatewayRig {
        GatewayRig(routes: GatewayRig.routes + [splitRoute()]) {
            $0.compression = DeflateSettings()
            adjust(&$0)
        }
    }

    @Test func messagesAreAcknowledgedWhenTheyAreStoredAndNotBefore() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        for number in 1...5 { client.send(log(number)) }
        try rig.run()
        #expect(client.frames() == [])
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.frames() == [#"text:{"ack":5}"#])
        client.send(log(6))
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.frames() == [#"text:{"ack":5}"#, #"text:{"ack":6}"#])
        #expect(rig.snapshot.acksSent == 2)
        #expect(rig.flusher.records().count == 6)
    }

    @Test func messagesBehindTheHandshakeInOneReadAreNumbered() throws {
        let rig = rig()
        let client = rig.client("/logs", upgrade: false)
        let request = GatewayClient.request("/logs", ["Sec-WebSocket-Protocol: chat, sluice.v1, sluice"])
        client.peer.write(Array(request.utf8) + GatewayClient.text(log(1)) + GatewayClient.text(log(2)))
        try rig.run()
        #expect(client.head().contains("Sec-WebSocket-Protocol: sluice.v1\r\n"))
        #expect(client.acked == 2)
    }

    @Test func everyShapeOfAMessageHasOneNumberAndPingHasNone() throws {
        let rig = rig()
        let client = rig.acknowledged(compressing: true)
        client.send("ping")  // none
        client.send(log(1))  // 1
        client.send(.text, Array(log(2).utf8.prefix(4)), isFinal: false)
        client.send(.ping, [])
        client.send(.continuation, Array(log(2).utf8.dropFirst(4)))  // 2
        client.sendCompressed(log(3))  // 3
        client.sendCompressed("ping")  // none
        client.send(.text, Array("pi".utf8), isFinal: false)
        client.send(.continuation, Array("ng".utf8))  // none
        client.send(.binary, Array("ping".utf8))  // 4
        client.send(.binary, [])  // 5, dropped
        try rig.run()
        #expect(client.acked == 5)
        #expect(client.frames().filter { $0 == "text:pong" }.count == 3)
        #expect(client.frames().contains(#"text:{"drop":{"message":5,"reason":"empty","size":0}}"#))
        #expect(rig.flusher.records().count == 4)
    }

    @Test func aMessageCutByReadsIsOneMessage() throws {
        let rig = rig()
        let client = rig.acknowledged()
        try rig.run()
        let bytes = GatewayClient.text(log(1)) + GatewayClient.text(log(2))
        for byte in bytes {
            client.peer.write([byte])
            try rig.run()
        }
        #expect(client.acked == 2)
        #expect(rig.flusher.records() == [log(1), log(2)])
    }

    @Test func theLogsOfAMessageAreAcknowledgedTogether() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged("/split", compressing: true)
        client.send(.text, Array("\(log(1))\n\(log(2))\n".utf8), isFinal: false)
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        // Two are stored, and the message is not over.
        #expect(client.frames() == [])
        client.send(.continuation, Array(log(3).utf8))
        client.send("\n\n")
        client.sendCompressed("\(log(4))\n\(log(5))")
        try rig.run()
        #expect(client.frames() == [])
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.frames() == [#"text:{"ack":3}"#])
        #expect(rig.flusher.records().count == 5)
    }

    @Test func anEchoRouteDoesNotEchoAndARouteWithoutTopicAcknowledgesAtOnce() throws {
        let rig = rig()
        let echo = rig.acknowledged("/echo")
        let raw = rig.acknowledged("/raw")
        echo.send(log(1))
        echo.send("ping")
        raw.send("anything")
        try rig.run()
        #expect(echo.frames().sorted() == ["text:pong", #"text:{"ack":1}"#])
        #expect(raw.frames() == [#"text:{"ack":1}"#])
    }

    @Test func acksAreCoalescedOverATick() throws {
        let rig = rig()
        let client = rig.acknowledged()
        try rig.run()
        var bytes: [UInt8] = []
        for number in 1...1_000 { bytes += GatewayClient.text(log(number)) }
        client.peer.write(bytes)
        try rig.run()
        #expect(client.acked == 1_000)
        #expect(client.acks.count < 20)
    }

    @Test func whoNeverReadsCostsOnePendingAckAndHearsTheLatestWhenItReads() throws {
        let rig = rig()
        rig.network.faults.sendBuffer = 64
        let client = rig.acknowledged()
        try rig.run()
        _ = client.head()
        client.peer.stopReading()
        var most = 0
        for round in 0..<1_000 {
            var bytes: [UInt8] = []
            for number in 0..<100 { bytes += GatewayClient.text(log(round * 100 + number)) }
            client.peer.write(bytes)
            try rig.run()
            most = max(most, rig.pendingOutput)
        }
        #expect(rig.flusher.records().count == 100_000)
        #expect(most <= 64)
        #expect(rig.snapshot.acksSent < 10)
        client.peer.resumeReading()
        try rig.run()
        #expect(client.acked == 100_000)
        #expect(client.acks.count == Int(rig.snapshot.acksSent))
    }

    @Test func whoSpeaksAnotherProtocolIsNotNumbered() throws {
        let rig = rig()
        let client = rig.client("/logs", ["Sec-WebSocket-Protocol: sluice, sluice.v1"])
        client.send(log(1))
        client.send(.binary, [])
        try rig.run()
        #expect(client.head().contains("Sec-WebSocket-Protocol: sluice\r\n"))
        #expect(client.frames() == [])
    }

    @Test func withoutAcksOfAllReplicasItIsNotOffered() throws {
        let rig = rig { $0.acknowledges = false }
        let only = rig.acknowledged()
        let both = rig.client("/logs", ["Sec-WebSocket-Protocol: sluice.v1, sluice"])
        try rig.run()
        #expect(only.status == 400)
        #expect(String(decoding: only.everything, as: UTF8.self).contains("required_acks"))
        #expect(both.status == 101)
        #expect(both.head().contains("Sec-WebSocket-Protocol: sluice\r\n"))
        #expect(rig.snapshot.refused[Int(RefusalReason.badRequest.rawValue)] == 1)
    }

    @Test func settlementsOfWhoIsGoneFindNobody() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        for number in 1...5 { client.send(log(number)) }
        try rig.run()
        client.peer.close()
        try rig.run(seconds: 5)
        let next = rig.acknowledged()
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        #expect(next.frames() == [])
        #expect(rig.snapshot.ledger.inFlight == 0)
    }
}
