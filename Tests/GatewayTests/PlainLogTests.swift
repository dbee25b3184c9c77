import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

/// Many logs in one read, taken by the short way, with what is no plain log between them.
@Suite struct PlainLogTests {
    private static let json = [
        #"{"timestamp":"2026-01-01T00:00:00Z","message":"first"}"#, #"{"timestamp":1,"level":"é","list":[1,{"a":""}]}"#,
        #"{"message":"none"}"#, "plain", "{}",
    ]
    private static let silent = [
        LogRoute(path: "/logs", maxLen: 1_000, topic: TopicIndex(rawValue: 0)),
        LogRoute(path: "/raw", maxLen: 1_000, codec: .raw, topic: TopicIndex(rawValue: 0)),
        LogRoute(path: "/none", maxLen: 1_000, topic: nil),
    ]

    /// What comes alone in a read of its own and what comes together has the same end.
    @Test(arguments: ["/logs", "/raw", "/none"])
    func logsThatComeTogetherBecomeWhatTheyBecomeAlone(path: String) throws {
        let alone = try Self.said(path, together: false)
        let together = try Self.said(path, together: true)
        #expect(together == alone)
        #expect(together.isBalanced)
        #expect(together.answers == ["text:pong", "pong:p", "close:1000"])
        #expect(together.records.isEmpty == (path == "/none"))
    }

    @Test func countsAreThoseOfEachLog() throws {
        let said = try Self.said("/logs", together: true)
        #expect(said.records.count == 5 + 1 + 2)
        #expect(said.dropped == [.maxLen: 1, .empty: 1, .invalidJSON: 1, .invalidUTF8: 1])
        #expect(said.received == 12)
    }

    @Test(arguments: ["/logs", "/raw", "/none"])
    func textThatIsNotUTF8EndsTheConnectionBehindTheLogsBeforeIt(path: String) throws {
        let rig = GatewayRig(routes: Self.silent)
        let client = rig.client(path)
        try rig.run()
        var bytes = GatewayClient.text("before") + GatewayClient.text("as well")
        bytes += GatewayClient.frame(.text, [0x7B, 0x22, 0xC3, 0x28, 0x22])
        client.peer.write(bytes + GatewayClient.text("behind"))
        try rig.run(seconds: 3)
        #expect(client.frames() == ["close:1007"])
        #expect(rig.flusher.records().count == (path == "/none" ? 0 : 2))
        #expect(
            rig.snapshot.ledger.received == (path == "/logs" ? [2, 0, 0] : path == "/raw" ? [0, 2, 0] : [0, 0, 0])
        )
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func whereverTheReadIsCutTheLogsAreTheSame() throws {
        let bytes = Self.conversation.flatMap(\.self)
        let whole = try Self.said("/logs", together: true).records
        for cut in 1..<bytes.count {
            let rig = GatewayRig(routes: Self.silent)
            let client = rig.client()
            try rig.run()
            client.peer.write(bytes[..<cut])
            try rig.run()
            client.peer.write(bytes[cut...])
            try rig.run()
            #expect(rig.flusher.records() == whole, "cut at \(cut)")
        }
    }

    /// A frame whose length takes 64 bits and that is whole in one read.
    @Test(arguments: [70_000, 65_536, 100_000])
    func aLongFrameIsWholeInARead(count: Int) throws {
        let routes = [
            LogRoute(path: "/logs", maxLen: 1 << 20, topic: TopicIndex(rawValue: 0)),
            LogRoute(path: "/raw", maxLen: 1 << 20, codec: .raw, topic: TopicIndex(rawValue: 0)),
            LogRoute(path: "/none", maxLen: 1 << 20, topic: nil),
            LogRoute(path: "/echo", reply: .echo, maxLen: 1 << 20, topic: TopicIndex(rawValue: 0)),
            LogRoute(path: "/short", maxLen: 1_000, topic: TopicIndex(rawValue: 0)),
        ]
        #expect(count + 100 < readSize)
        let head = #"{"timestamp":"2026-01-01T00:00:00Z","message":""#
        let long = head + String(repeating: "z", count: count - head.count - 2) + #""}"#
        for route in routes {
            let rig = GatewayRig(routes: routes)
            let client = rig.client(route.path)
            try rig.run()
            client.peer.write(GatewayClient.text("before") + GatewayClient.text(long) + GatewayClient.text("behind"))
            try rig.run()
            let records = rig.flusher.records()
            #expect(records.count == ["/none": 0, "/short": 2][route.path, default: 3], "\(route.path)")
            if records.count == 3 { #expect(records[1] == long) }
            // With 64 KiB of echoes unsent the last one is skipped.
            #expect(client.frames().count == (route.path == "/echo" ? 2 : 0))
            #expect(rig.dropped(.maxLen) == (route.path == "/short" ? 1 : 0))
            #expect(rig.snapshot.ledger.isBalanced)
        }
    }

    private struct Said: Equatable {
        var records: [String]
        var answers: [String]
        var dropped: [DropReason: UInt64]
        var received: UInt64
        var bytes: UInt64
        var isBalanced: Bool
    }

    private static var conversation: [[UInt8]] {
        var frames = json.map(GatewayClient.text)
        frames.append(GatewayClient.frame(.binary, Array(String(repeating: "x", count: 1_001).utf8)))
        frames.append(GatewayClient.text("ping"))
        frames.append(GatewayClient.text("pang"))
        frames.append(GatewayClient.text(""))
        frames.append(GatewayClient.text(#"{"broken":"#))
        frames.append(GatewayClient.frame(.ping, Array("p".utf8)))
        frames.append(GatewayClient.frame(.binary, [0xFF, 0xFE, 0xFD]))
        frames.append(GatewayClient.frame(.binary, Array("{\"timestamp\":\"a\"}".utf8)))
        frames.append(
            GatewayClient.frame(.text, Array("frag".utf8), isFinal: false)
                + GatewayClient.frame(.continuation, Array("mented".utf8))
        )
        var close: [UInt8] = []
        FrameWriter.append(close: .normal, mask: 9, to: &close)
        return frames + [close]
    }

    private static func said(_ path: String, together: Bool) throws -> Said {
        let rig = GatewayRig(routes: silent)
        let client = rig.client(path)
        try rig.run()
        if together {
            client.peer.write(conversation.flatMap(\.self))
        } else {
            for frame in conversation {
                client.peer.write(frame)
                try rig.run()
            }
        }
        try rig.run()
        let ledger = rig.snapshot.ledger
        let dropped = DropReason.allCases.map { ($0, rig.dropped($0)) }.filter { $0.1 > 0 }
        return Said(
            records: rig.flusher.records(),
            answers: client.frames(),
            dropped: Dictionary(uniqueKeysWithValues: dropped),
            received: ledger.received.reduce(0, +),
            bytes: ledger.receivedBytes.reduce(0, +),
            isBalanced: ledger.isBalanced
        )
    }
}
