import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

private func log(_ number: Int) -> String { #"{"timestamp":0,"n":\#(number)}"# }

@Suite struct DropNoticeTests {
    private func rig(maxMessageBytes: Int = 1_000_000) -> GatewayRig {
        GatewayRig(routes: GatewayRig.routes + [splitRoute()]) {
            $0.compression = DeflateSettings()
            $0.writer.maxMessageBytes = maxMessageBytes
        }
    }

    @Test func aDropIsNamedBeforeTheAckThatCoversIt() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        client.send(log(1))
        client.send(#"{"broken"#)
        client.send(.binary, [0xFF, 0xFE])
        try rig.run()
        #expect(
            client.frames() == [
                #"text:{"drop":{"message":2,"reason":"invalid_json","size":8}}"#,
                #"text:{"drop":{"message":3,"reason":"invalid_utf8","size":2}}"#,
            ]
        )
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.frames().last == #"text:{"ack":3}"#)
    }

    @Test func theSizeIsThatOfTheWholeMessageWhateverItsShape() throws {
        let rig = rig()
        let client = rig.acknowledged(compressing: true)
        let long = [UInt8](repeating: 0x61, count: 70_213)
        client.send(.text, long)  // 1
        client.send(.text, Array(long[..<500]), isFinal: false)
        client.send(.continuation, Array(long[500..<40_000]), isFinal: false)
        try rig.run()
        // The message is past the limit and not over.
        #expect(client.frames().count == 2)
        client.send(.continuation, Array(long[40_000...]))  // 2
        client.sendCompressed(.text, GatewayClient.deflated(long))  // 3
        let payload = GatewayClient.deflated(long)
        client.sendCompressed(.text, Array(payload[..<10]), isFinal: false)
        client.sendCompressed(.continuation, Array(payload[10...]))  // 4
        try rig.run()
        let drops = client.frames().filter { $0.contains("drop") }
        #expect(
            drops
                == (1...4).map { #"text:{"drop":{"message":\#($0),"reason":"max_len","size":70213,"limit":1000}}"# }
        )
        #expect(client.acked == 4)
        #expect(rig.flusher.records().isEmpty)
    }

    @Test func theLogsOfASplitMessageThatWereDroppedAreNamedByTheirPlace() throws {
        let rig = rig()
        let client = rig.acknowledged("/split")
        let long = String(repeating: "x", count: 1_500)
        client.send("\(log(1))\n{\"broken\n\n\(log(3))\n\(long)\n{\"more broken\n\(long)y\n\(log(7))")
        try rig.run()
        #expect(
            client.frames() == [
                #"text:{"drop":{"message":1,"reason":"invalid_json","size":13,"records":[2,5]}}"#,
                #"text:{"drop":{"message":1,"reason":"max_len","size":1501,"limit":1000,"records":[4,6]}}"#,
                #"text:{"ack":1}"#,
            ]
        )
        #expect(rig.flusher.records() == [log(1), log(3), log(7)])
    }

    @Test func aLongLogOfASplitMessageThatIsCutHasItsWholeSize() throws {
        let rig = rig()
        let client = rig.acknowledged("/split")
        let message = Array("\(log(1))\n\(String(repeating: "x", count: 3_000))\n\(log(3))".utf8)
        client.send(.text, Array(message[..<500]), isFinal: false)
        client.send(.continuation, Array(message[500..<2_000]), isFinal: false)
        client.send(.continuation, Array(message[2_000...]))
        try rig.run()
        #expect(
            client.frames().first
                == #"text:{"drop":{"message":1,"reason":"max_len","size":3000,"limit":1000,"records":[2]}}"#
        )
    }

    @Test func onlySoManyLogsOfAMessageAreNamed() throws {
        let rig = rig()
        let client = rig.acknowledged("/split")
        client.send(String(repeating: "{\n", count: 5_000))
        try rig.run()
        let drop = try #require(client.frames().first)
        #expect(drop.hasSuffix(#",999,1000],"others":4000}}"#))
        #expect(client.acked == 1)
    }

    @Test func whatKafkaRefusesIsNamedBeforeTheAck() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged()
        for number in 1...5 { client.send(log(number)) }
        try rig.run()
        rig.flusher.settleAll(dropping: [1, 3])
        try rig.run()
        let size = log(1).utf8.count
        #expect(
            client.frames() == [
                #"text:{"drop":{"message":2,"reason":"record_too_large","size":\#(size)}}"#,
                #"text:{"drop":{"message":4,"reason":"record_too_large","size":\#(size)}}"#,
                #"text:{"ack":5}"#,
            ]
        )
    }

    @Test func whatKafkaRefusesOfASplitMessageIsNamedByItsPlace() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let client = rig.acknowledged("/split")
        client.send(log(1))
        client.send("\(log(1))\n{\"broken\n\(log(3))\n\(log(4))")
        try rig.run()
        // Records 1, 2 and 3 are the second message's; its second log has no record.
        rig.flusher.settleAll(dropping: [2, 3])
        try rig.run()
        let size = log(1).utf8.count
        #expect(
            client.frames() == [
                #"text:{"drop":{"message":2,"reason":"invalid_json","size":8,"records":[2]}}"#,
                #"text:{"drop":{"message":2,"reason":"record_too_large","size":\#(size),"records":[3,4]}}"#,
                #"text:{"ack":2}"#,
            ]
        )
    }

    @Test func aRecordThatIsTooLargeHasALimit() throws {
        let rig = rig(maxMessageBytes: 200)
        let client = rig.acknowledged()
        let long = #"{"timestamp":0,"m":"\#(String(repeating: "x", count: 300))"}"#
        client.send(long)
        try rig.run()
        let size = long.utf8.count
        #expect(
            client.frames().first
                == #"text:{"drop":{"message":1,"reason":"record_too_large","size":\#(size),"limit":200}}"#
        )
    }

    @Test func whoDoesNotReadItsDropsIsNotReadUntilItHas() throws {
        let rig = rig()
        rig.network.faults.sendBuffer = 1_024
        let client = rig.acknowledged()
        try rig.run()
        _ = client.head()
        client.peer.stopReading()
        var bytes: [UInt8] = []
        for _ in 0..<10_000 { bytes += GatewayClient.text("{") }
        client.peer.write(bytes)
        try rig.run()
        #expect(rig.pendingOutput < 66 << 10)
        for _ in 0..<10 {
            client.peer.write(bytes)
            try rig.run()
        }
        let received = rig.snapshot.ledger.received[0]
        #expect(received < 40_000)
        #expect(rig.snapshot.paused == 1)
        #expect(rig.pendingOutput < 66 << 10)
        client.peer.resumeReading()
        try rig.run()
        #expect(rig.snapshot.ledger.received[0] == 110_000)
        #expect(rig.snapshot.paused == 0)
        #expect(client.acked == 110_000)
        #expect(client.frames().filter { $0.contains("drop") }.count == 110_000)
    }

    @Test func theMessageThatEndsTheConnectionForItsLengthIsNamed() throws {
        let rig = rig()
        let client = rig.acknowledged(compressing: true)
        client.send(log(1))
        try rig.run()
        let bomb = GatewayClient.deflated([UInt8](repeating: 0x61, count: 200_000))
        client.sendCompressed(.text, bomb)
        try rig.run()
        let frames = client.frames()
        #expect(frames.first == #"text:{"ack":1}"#)
        #expect(frames.dropFirst().first?.hasPrefix(#"text:{"drop":{"message":2,"reason":"max_len","size":"#) == true)
        #expect(frames.last == "close:1009")
    }

    @Test func aSplitMessageOverMaxMessageIsNamed() throws {
        let rig = rig()
        let client = rig.acknowledged("/split")
        client.send(.text, [UInt8](repeating: 0x61, count: (1 << 20) + 1))
        try rig.run()
        #expect(client.frames().first?.contains(#""message":1,"reason":"max_len""#) == true)
        #expect(client.frames().last == "close:1009")
    }
}
