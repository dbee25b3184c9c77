import Crypto
import Foundation
import LogPipeline
import Simulation
import Testing
import WebSocketWire

import struct Reactor.IPRange

@testable import Gateway

/// What is told of refused logs.
@Suite struct DeadLetterTests {
    private func rig(
        content: Int = 0,
        bytes: Int = 1 << 20,
        proxies: [IPRange] = [],
        _ change: (inout LogRoute) -> Void = { _ in }
    ) -> GatewayRig {
        var route = LogRoute(path: "/logs", maxLen: 100, topic: TopicIndex(rawValue: 0))
        route.deadLetters = DeadLetterPlan(topic: TopicIndex(rawValue: 1), contentBytes: content)
        change(&route)
        let flusher = RecordingFlusher(topics: ["logs", "dead"])
        return GatewayRig(flusher: flusher, routes: [route], topics: 2) {
            $0.deadLetterBytes = bytes
            $0.trustedProxies = proxies
        }
    }

    private struct Letter: Decodable, Equatable {
        let timestamp: String
        let reason: String
        let size: Int
        let whole: Bool
        let limit: Int?
        let route: String?
        let peer: String?
        let sha256: String
        let content: String?
        let contentBase64: String?
    }

    private func letters(_ rig: GatewayRig) throws -> [Letter] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try rig.flusher.records(of: 1).map { try decoder.decode(Letter.self, from: Data($0.utf8)) }
    }

    private static func sha256(_ bytes: [UInt8]) -> String {
        Digest.sha256.hash(bytes).map { String(format: "%02x", $0) }.joined()
    }

    @Test func eachReasonIsToldWithWhatIsKnown() throws {
        let rig = rig(content: 8)
        let client = rig.client(from: "203.0.113.7")
        try rig.run()
        let long = String(repeating: "l", count: 101)
        client.send(long)
        client.send("{broken")
        client.send(.binary, [0x61, 0xff, 0xfe])
        client.send("")
        client.send(#"{"timestamp":1}"#)
        try rig.run()
        let letters = try letters(rig)
        #expect(letters.map(\.reason) == ["max_len", "invalid_json", "invalid_utf8", "empty"])
        #expect(letters.map(\.size) == [101, 7, 3, 0])
        #expect(letters.map(\.limit) == [100, nil, nil, nil])
        #expect(letters.map(\.content) == ["llllllll", "{broken", nil, ""])
        #expect(letters.map(\.contentBase64) == [nil, nil, "Yf/+", nil])
        let logs: [[UInt8]] = [Array(long.utf8), Array("{broken".utf8), [0x61, 0xff, 0xfe], []]
        #expect(letters.map(\.sha256) == logs.map(Self.sha256))
        #expect(letters.allSatisfy { $0.whole && $0.route == "/logs" && $0.peer == "203.0.113.7" })
        #expect(letters.allSatisfy { $0.timestamp == "2023-11-14T22:13:20.000Z" })
        let ledger = rig.snapshot.ledger
        #expect(ledger.isBalanced && ledger.inFlight == 0)
        #expect(ledger.received == [5] && ledger.delivered == [1])
        #expect(rig.snapshot.deadLettersSent == 4)
        #expect(rig.snapshot.deadLettersInFlight == 0)
    }

    @Test func withoutContentBytesNothingOfALogIsTold() throws {
        let rig = rig()
        let client = rig.client()
        client.send("{broken")
        try rig.run()
        let letter = try #require(try letters(rig).first)
        #expect(letter.content == nil && letter.contentBase64 == nil)
    }

    @Test func whatIsPassedOverWhileItComesIsHashedToItsEnd() throws {
        let rig = rig(content: 4)
        let client = rig.client()
        let text: [UInt8] = (0..<5_090).map { number in UInt8(97 + number % 26) }
        client.send(.text, Array(text[..<90]), isFinal: false)
        try rig.run()
        client.send(.continuation, Array(text[90..<150]), isFinal: false)
        try rig.run()
        client.send(.continuation, Array(text[150..<4_000]), isFinal: false)
        try rig.run()
        #expect(try letters(rig).isEmpty)
        #expect(rig.dropped(.maxLen) == 1)
        client.send(.continuation, Array(text[4_000...]))
        client.send("after")
        try rig.run()
        let letter = try #require(try letters(rig).first)
        #expect(letter.size == text.count && letter.whole && letter.content == "abcd")
        #expect(letter.sha256 == Self.sha256(text))
        #expect(rig.flusher.records().count == 1)
    }

    @Test func whatIsCutOffIsToldAsFarAsItCame() throws {
        let rig = rig()
        let client = rig.client(from: "203.0.113.7")
        let seen = [UInt8](repeating: 0x61, count: 150)
        client.send(.text, seen, isFinal: false)
        try rig.run()
        client.peer.reset()
        try rig.run()
        let letter = try #require(try letters(rig).first)
        #expect(letter.size == 150 && !letter.whole && letter.peer == "203.0.113.7")
        #expect(letter.sha256 == Self.sha256(seen))
    }

    @Test func eachLogOfASplitMessageIsToldByItself() throws {
        let rig = rig(content: 10) { $0.split = .lines }
        let client = rig.client()
        let long = String(repeating: "x", count: 500)
        client.send("good\n{broken\n\(long)\nlast")
        client.send(.text, Array("\(long)".utf8), isFinal: false)
        client.send(.continuation, Array("\(long)\nend".utf8))
        try rig.run()
        let letters = try letters(rig)
        #expect(letters.map(\.reason) == ["invalid_json", "max_len", "max_len"])
        #expect(letters.map(\.size) == [7, 500, 1_000])
        let logs: [String] = ["{broken", long, long + long]
        #expect(letters.map(\.sha256) == logs.map { Self.sha256(Array($0.utf8)) })
        #expect(letters.filter { !$0.whole }.isEmpty)
        #expect(rig.flusher.records().count == 3)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func whatKafkaDoesNotTakeIsToldAsItWasEncoded() throws {
        let rig = rig(content: 100)
        rig.flusher.holdSettlements()
        let client = rig.client()
        client.send(#"{"timestamp":1}"#)
        client.send(#"{"timestamp":2}"#)
        try rig.run()
        rig.flusher.settleAll(dropping: [1])
        try rig.run()
        let letter = try #require(try letters(rig).first)
        #expect(letter.reason == "record_too_large" && letter.route == "/logs" && letter.peer == nil)
        #expect(letter.content == #"{"timestamp":2}"#)
        // Kafka does not take what tells of it: nothing tells of that.
        rig.flusher.settleAll(dropping: [0])
        try rig.run()
        #expect(try letters(rig).count == 1)
        #expect(rig.snapshot.deadLettersLost == 1)
        #expect(rig.snapshot.ledger.isBalanced && rig.snapshot.ledger.inFlight == 0)
    }

    @Test func aRecordTooLargeForItsTimestampIsToldAsItCame() throws {
        let rig = rig(content: 4) { $0.maxLen = 2_000_000 }
        let client = rig.client()
        let log = #"{"m":""# + String(repeating: "m", count: 999_980) + #""}"#
        client.send(log)
        try rig.run()
        let letter = try #require(try letters(rig).first)
        #expect(letter.reason == "record_too_large" && letter.limit == 1_000_000 && letter.content == #"{"m""#)
        #expect(letter.sha256 == Self.sha256(Array(log.utf8)))
    }

    @Test(arguments: [Split.none, .lines])
    func aRefusedLogThatASessionSendsAgainIsToldOfOnce(split: Split) throws {
        let rig = rig(content: 4) { $0.split = split }
        let long = Array(String(repeating: "l", count: 150).utf8)
        func all(_ client: GatewayClient) {
            client.send(.text, long)
            client.send("{broken")
            client.send(.text, Array(long[..<90]), isFinal: false)
            client.send(.continuation, Array(long[90...]))
            client.send(.binary, [0x61, 0xff])
            client.send("good")
        }
        for _ in 0..<3 {
            let client = rig.acknowledged(session: "a", from: 1)
            try rig.run()
            all(client)
            try rig.run()
            #expect(client.acked == 5)
            client.send(.text, long, isFinal: false)
            try rig.run()
            client.peer.reset()
            try rig.run()
        }
        let last = rig.acknowledged(session: "a", from: 1)
        try rig.run()
        all(last)
        last.send(.text, long)
        try rig.run()
        #expect(last.acked == 6)
        let letters = try letters(rig)
        #expect(letters.map(\.reason) == ["max_len", "invalid_json", "max_len", "invalid_utf8", "max_len"])
        // The last one was cut when it was told of.
        #expect(letters.map(\.whole) == [true, true, true, true, false])
        #expect(rig.snapshot.deadLettersSent == 5 && rig.snapshot.deadLettersLost == 0)
        #expect(rig.dropped(.maxLen) == 3 && rig.dropped(.invalidJSON) == 1 && rig.dropped(.invalidUTF8) == 1)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func whatKafkaRefusedIsToldOfOnceHoweverOftenASessionSendsIt() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        for round in 1...3 {
            let client = rig.acknowledged(session: "a", from: 1)
            try rig.run()
            client.send(#"{"timestamp":1}"#)
            try rig.run()
            if round == 1 {
                rig.flusher.settleAll(dropping: [0])
                try rig.run()
                rig.flusher.settleAll()
                try rig.run()
            }
            let drop = #"text:{"drop":{"message":1,"reason":"record_too_large","size":15}}"#
            #expect(client.notices() == [drop, #"text:{"ack":1}"#])
            client.peer.reset()
            try rig.run()
        }
        #expect(try letters(rig).count == 1)
        #expect(rig.dropped(.recordTooLarge) == 1 && rig.snapshot.deadLettersSent == 1)
    }

    @Test func theClientBehindAProxyIsNamed() throws {
        let proxy = try #require(IPRange("10.0.0.1"))
        let rig = rig(proxies: [proxy])
        let client = rig.client(from: "10.0.0.1", ["X-Forwarded-For: 198.51.100.9"])
        client.send("{broken")
        try rig.run()
        #expect(try letters(rig).map(\.peer) == ["198.51.100.9"])
    }

    @Test func aFloodIsToldOnlyInPartAndTheRestIsCounted() throws {
        let rig = rig()
        let client = rig.client()
        for _ in 0..<1_500 { client.send("{") }
        client.send("good")
        try rig.run()
        #expect(try letters(rig).count == DeadLetterOffice.perSecond)
        #expect(rig.snapshot.deadLettersLost == 500)
        #expect(rig.dropped(.invalidJSON) == 1_500)
        #expect(rig.flusher.records().count == 1)
        try rig.run(seconds: 1)
        client.send("")
        try rig.run()
        #expect(try letters(rig).count == DeadLetterOffice.perSecond + 1)
    }

    @Test func whileTheirTopicIsStuckTheyTakeNoMoreThanTheirRoom() throws {
        let rig = rig(bytes: 10_000)
        rig.flusher.holdSettlements()
        let client = rig.client()
        for _ in 0..<200 { client.send("") }
        try rig.run()
        let told = try letters(rig).count
        #expect(told > 5 && told < 40)
        #expect(rig.snapshot.deadLettersInFlight == told)
        #expect(rig.snapshot.deadLettersLost == UInt64(200 - told))
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.snapshot.deadLettersSent == UInt64(told))
        client.send("")
        try rig.run()
        #expect(try letters(rig).count == told + 1)
    }

    @Test func beforeKafkaHasAnsweredForTheirTopicNothingIsHandedOver() throws {
        let rig = rig()
        let client = rig.client()
        try rig.run()
        rig.flusher.setAnswered(false)
        client.send("")
        try rig.run()
        #expect(try letters(rig).isEmpty)
        #expect(rig.snapshot.deadLettersLost == 1 && rig.snapshot.deadLettersInFlight == 0)
        rig.flusher.setAnswered(true)
        client.send("")
        try rig.run()
        #expect(try letters(rig).count == 1)
    }

    @Test func aRouteWithoutThemTellsNothing() throws {
        let rig = rig { $0.deadLetters = nil }
        let client = rig.client()
        client.send("")
        client.send(String(repeating: "l", count: 101))
        try rig.run()
        #expect(rig.flusher.records(of: 1).isEmpty)
        #expect(rig.snapshot.deadLettersLost == 0)
    }

    @Test func aCharacterHalvedByTheCutIsLeftOut() throws {
        let rig = rig(content: 6)
        let client = rig.client()
        client.send(#"{"é"é😀"#)
        client.send(#"{"\#u{1}""#)
        try rig.run()
        #expect(try letters(rig).map(\.content) == [#"{"é""#, "{\"\u{1}\""])
    }
}
