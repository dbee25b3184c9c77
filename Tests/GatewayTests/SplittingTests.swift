import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

private func rig(_ split: Split, codec: Codec = .json, maxMessage: Int = 10_000) -> GatewayRig {
    var route = LogRoute(path: "/logs", maxLen: 100, codec: codec, topic: TopicIndex(rawValue: 0))
    route.split = split
    route.maxMessage = maxMessage
    return GatewayRig(routes: [route]) { $0.compression = DeflateSettings() }
}

private func log(_ number: Int) -> String { #"{"timestamp":0,"n":\#(number)}"# }

@Suite struct SplittingTests {
    /// What a message is, and what becomes of it: accepted logs, and drops by reason.
    struct Case: CustomTestStringConvertible, Sendable {
        let split: Split
        let message: String
        var logs: [String] = []
        var drops: [DropReason] = []
        var testDescription: String { "\(split) \(message.prefix(40))" }
    }

    static let cases: [Case] = [
        Case(split: .lines, message: "\(log(1))\n\(log(2))\r\n\n\(log(3))", logs: [log(1), log(2), log(3)]),
        Case(split: .lines, message: "\(log(1))\n", logs: [log(1)]),
        Case(split: .lines, message: ""),
        Case(split: .lines, message: "\n \n"),
        Case(
            split: .lines,
            message: "\(log(1))\n\(String(repeating: "x", count: 101))\n{\"broken\n\(log(2))",
            logs: [log(1), log(2)],
            drops: [.maxLen, .invalidJSON]
        ),
        Case(split: .array, message: "[\(log(1)), \(log(2)),\(log(3)) ]", logs: [log(1), log(2), log(3)]),
        Case(split: .array, message: " [ ] "),
        Case(
            split: .array,
            message: "[\(log(1)),{\"timestamp\":0,\"long\":\"\(String(repeating: "y", count: 200))\"},\(log(2))]",
            logs: [log(1), log(2)],
            drops: [.maxLen]
        ),
        Case(split: .array, message: "[\(log(1)),\(log(2)),", logs: [log(1), log(2)], drops: [.invalidJSON]),
        Case(split: .array, message: "no array, and long", drops: [.invalidJSON]),
        Case(split: .array, message: "pin", drops: [.invalidJSON]),
        Case(split: .array, message: "pings", drops: [.invalidJSON]),
        Case(split: .auto, message: "[\(log(1)),\(log(2))]", logs: [log(1), log(2)]),
        Case(split: .auto, message: "\(log(1))\(log(2))\n\(log(3))", logs: [log(1), log(2), log(3)]),
        Case(split: .lines, message: "ping"),
        Case(split: .array, message: "ping"),
        Case(split: .auto, message: "ping"),
    ]

    private func check(_ rig: GatewayRig, _ wanted: Case, _ what: String, trailer: Bool = true) {
        #expect(rig.flusher.records() == wanted.logs + (trailer ? [log(99)] : []), "\(what)")
        var drops: [DropReason] = []
        for reason in DropReason.allCases {
            drops += Array(repeating: reason, count: Int(rig.dropped(reason)))
        }
        #expect(Set(drops) == Set(wanted.drops) && drops.count == wanted.drops.count, "\(what)")
        #expect(rig.snapshot.keepAliveMessages == (wanted.message == "ping" ? 1 : 0), "\(what)")
        let bytes = wanted.message.utf8.count + (trailer ? log(99).utf8.count + 2 : 0)
        #expect(rig.snapshot.ledger.receivedBytes[0] == UInt64(bytes), "\(what)")
        #expect(rig.snapshot.ledger.isBalanced, "\(what)")
        #expect(rig.partialBytes == 0, "\(what)")
        #expect(rig.snapshot.connections[0] == 1, "\(what)")
    }

    /// Another message behind it, to see that everything goes on as if nothing had been.
    private func sendTrailer(_ client: GatewayClient, _ split: Split) {
        client.send(split == .array ? "[\(log(99))]" : "\(log(99))\r\n")
    }

    @Test(arguments: cases)
    func aMessageBecomesItsLogsWhereverReadsCutIt(_ wanted: Case) throws {
        let bytes = GatewayClient.text(wanted.message)
        for cut in 0...bytes.count {
            let rig = rig(wanted.split)
            let client = rig.client()
            client.peer.write(bytes[..<cut])
            try rig.run()
            client.peer.write(bytes[cut...])
            sendTrailer(client, wanted.split)
            try rig.run()
            check(rig, wanted, "cut at \(cut)")
        }
    }

    @Test(arguments: cases)
    func aMessageBecomesItsLogsHoweverItIsFragmented(_ wanted: Case) throws {
        let message = Array(wanted.message.utf8)
        for step in [1, 2, 3, 7, 50] {
            let rig = rig(wanted.split)
            let client = rig.client()
            for start in stride(from: 0, to: message.count, by: step) {
                let end = min(start + step, message.count)
                client.send(start == 0 ? .text : .continuation, Array(message[start..<end]), isFinal: false)
                try rig.run()
            }
            client.send(message.isEmpty ? .text : .continuation, [])
            sendTrailer(client, wanted.split)
            try rig.run()
            check(rig, wanted, "steps of \(step)")
        }
    }

    @Test(arguments: cases)
    func aCompressedMessageBecomesItsLogsWhereverReadsCutIt(_ wanted: Case) throws {
        let bytes = GatewayClient.compressed(wanted.message)
        for cut in 0...bytes.count {
            let rig = rig(wanted.split)
            let client = rig.compressingClient()
            client.peer.write(bytes[..<cut])
            try rig.run()
            client.peer.write(bytes[cut...])
            sendTrailer(client, wanted.split)
            try rig.run()
            check(rig, wanted, "cut at \(cut)")
        }
    }

    @Test(arguments: [Split.lines, .array, .auto])
    func manyLogsInOneMessageAllArriveInOrder(split: Split) throws {
        let rig = rig(split, maxMessage: 16 << 20)
        let client = rig.client()
        let logs = (0..<20_000).map { log($0) }
        let message = split == .lines ? logs.joined(separator: "\n") : "[" + logs.joined(separator: ",") + "]"
        client.send(message)
        try rig.run()
        #expect(rig.flusher.records() == logs)
        #expect(rig.snapshot.ledger.isBalanced)
        #expect(rig.partialBytes == 0)
    }

    @Test func aMessageOfExactlyMaxMessagePassesAndOneByteMoreEndsTheConnection() throws {
        for (count, isCut) in [(1_000, false), (1_001, false), (1_000, true), (1_001, true)] {
            let rig = rig(.lines, maxMessage: 1_000)
            let client = rig.client()
            let message = Array((log(1) + "\n" + String(repeating: "\n", count: 2_000)).utf8.prefix(count))
            if isCut {
                client.send(.text, Array(message[..<500]), isFinal: false)
                client.send(.continuation, Array(message[500...]))
            } else {
                client.send(.text, message)
            }
            try rig.run()
            #expect(client.frames() == (count > 1_000 ? ["close:1009"] : []))
            #expect(rig.dropped(.maxLen) == (count > 1_000 ? 1 : 0))
            #expect(rig.snapshot.ledger.isBalanced)
        }
    }

    @Test func aMessageThatInflatesOverMaxMessageEndsTheConnectionAndWhatWasBeforeStands() throws {
        let rig = rig(.lines, maxMessage: 1_000)
        let client = rig.compressingClient()
        client.sendCompressed(log(1) + String(repeating: "\n", count: 100_000))
        try rig.run()
        #expect(client.frames() == ["close:1009"])
        #expect(rig.flusher.records() == [log(1)])
        #expect(rig.dropped(.maxLen) == 1)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test(arguments: [Split.lines, .array])
    func ofTextThatIsNotUTF8TheLogsBeforeStandWhereverItIsCut(split: Split) throws {
        let logs = [log(1), log(2)]
        let before = split == .lines ? logs.joined(separator: "\n") + "\n" : "[" + logs.joined(separator: ",") + ","
        let message = Array(before.utf8) + [0x22, 0xC3, 0x28, 0x22] + Array((split == .lines ? "\n" : ",").utf8)
        let bytes = GatewayClient.frame(.text, message + Array(log(3).utf8))
        for codec in [Codec.json, .raw] {
            for cut in 0...bytes.count {
                let rig = rig(split, codec: codec)
                let client = rig.client()
                client.peer.write(bytes[..<cut])
                try rig.run()
                client.peer.write(bytes[cut...])
                try rig.run()
                #expect(rig.flusher.records() == logs, "cut at \(cut)")
                #expect(client.frames() == ["close:1007"], "cut at \(cut)")
                #expect(rig.snapshot.ledger.isBalanced)
            }
        }
    }

    @Test func aBinaryMessageDropsOnlyTheLogThatIsNotUTF8() throws {
        let rig = rig(.lines)
        let client = rig.client()
        client.send(.binary, Array(log(1).utf8) + [0x0A, 0xFF, 0x0A] + Array(log(2).utf8))
        try rig.run()
        #expect(rig.flusher.records() == [log(1), log(2)])
        #expect(rig.dropped(.invalidUTF8) == 1)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func aMessageCutOffCountsForTheLogsThatWereWhole() throws {
        let rig = rig(.lines)
        let client = rig.client()
        client.send(.text, Array("\(log(1))\n\(log(2))\nhalf".utf8), isFinal: false)
        try rig.run()
        client.peer.close()
        try rig.run()
        #expect(rig.snapshot.ledger.received[0] == 2)
        #expect(rig.snapshot.ledger.delivered == [2])
        #expect(rig.partialBytes == 0)
    }

    @Test func memoryFollowsMaxLenAndNotTheMessage() throws {
        let rig = rig(.lines, maxMessage: 16 << 20)
        let client = rig.client()
        client.send(.text, Array(repeating: UInt8(ascii: "a"), count: 50), isFinal: false)
        for _ in 0..<100 {
            client.send(.continuation, Array(repeating: UInt8(ascii: "a"), count: 50_000), isFinal: false)
            try rig.run()
            #expect(rig.partialBytes <= 100)
        }
        client.send(.continuation, Array("\n\(log(1))".utf8))
        try rig.run()
        #expect(rig.dropped(.maxLen) == 1)
        #expect(rig.flusher.records() == [log(1)])
    }

    @Test func anEchoRouteEchoesEachLog() throws {
        var route = LogRoute(path: "/echo", reply: .echo, maxLen: 100, topic: TopicIndex(rawValue: 0))
        route.split = .lines
        let rig = GatewayRig(routes: [route])
        let client = rig.client("/echo")
        client.send("\(log(1))\n{broken\n\(log(2))")
        client.send("ping")
        try rig.run()
        #expect(client.frames() == ["text:\(log(1))", "text:\(log(2))", "text:ping"])
    }
}
