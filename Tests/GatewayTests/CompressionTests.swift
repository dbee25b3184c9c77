import LogPipeline
import Simulation
import Testing
import WebSocketOracle
import WebSocketWire

@testable import Gateway

private let log = #"{"timestamp":"2026-01-01T00:00:00Z","message":"m"}"#

private func rig(
    seed: UInt64 = 1,
    maxLen: Int = 1_000,
    _ settings: DeflateSettings = DeflateSettings(),
    _ adjust: (inout GatewayConfiguration) -> Void = { _ in }
) -> GatewayRig {
    let topic = TopicIndex(rawValue: 0)
    let routes = [
        LogRoute(path: "/logs", maxLen: maxLen, topic: topic),
        LogRoute(path: "/echo", reply: .echo, maxLen: maxLen, topic: topic),
        LogRoute(path: "/raw", reply: .echo, maxLen: 1 << 20, codec: .raw, topic: nil),
    ]
    return GatewayRig(seed: seed, routes: routes) {
        $0.compression = settings
        adjust(&$0)
    }
}

@Suite struct CompressionTests {
    @Test func aCompressedMessageIsALogAndAnUncompressedOneToo() throws {
        let rig = rig()
        let client = rig.compressingClient()
        client.sendCompressed(log)
        client.send(log)
        client.sendCompressed("hello")
        try rig.run()
        #expect(client.head().contains("Sec-WebSocket-Extensions: permessage-deflate"))
        #expect(rig.flusher.records() == [log, log, #"{"timestamp":"2023-11-14T22:13:20.000Z","message":"hello"}"#])
        #expect(rig.snapshot.ledger.receivedBytes[0] == UInt64(2 * log.utf8.count + 5))
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func withoutCompressionItsBitIsAViolation() throws {
        let rig = GatewayRig()
        let client = rig.compressingClient()
        client.sendCompressed(log)
        try rig.run()
        #expect(client.frames() == ["close:1002"])
    }

    private static func conversation(_ deflater: ZlibDeflater) -> [UInt8] {
        func compress(_ text: String, _ opcode: Opcode = .text) -> [UInt8] {
            GatewayClient.compressedFrame(opcode, deflater.compress(Array(text.utf8)))
        }
        var bytes = Array(GatewayClient.compressingRequest("/echo").utf8)
        bytes += compress(log)
        bytes += compress(log)
        bytes += GatewayClient.text(log)
        bytes += compress("wrap me")
        let payload = deflater.compress(Array(#"{"timestamp":0,"fragmented":true}"#.utf8))
        bytes += GatewayClient.compressedFrame(.text, Array(payload[..<5]), isFinal: false)
        bytes += GatewayClient.frame(.ping, Array("p".utf8))
        bytes += GatewayClient.compressedFrame(.continuation, [], isFinal: false)
        bytes += GatewayClient.compressedFrame(.continuation, Array(payload[5...]))
        bytes += compress("ping")
        bytes += compress(String(repeating: "x", count: 1_001), .binary)
        bytes += compress("")
        bytes += compress(#"{"broken":"#)
        bytes += compress(#"{"timestamp":0,"long":"\#(String(repeating: "é", count: 150))"}"#)
        var close: [UInt8] = []
        FrameWriter.append(close: .normal, mask: 9, to: &close)
        return bytes + close
    }

    /// Every way to cut the bytes of a rich conversation in two gives the same records and replies.
    @Test(arguments: [true, false])
    func whereverTheBytesAreCutTheResultIsTheSame(keepsContext: Bool) throws {
        let script = Self.conversation(ZlibDeflater(windowBits: 12, keepsContext: keepsContext))
        var expected: (records: [String], frames: [String])?
        for cut in 0...script.count {
            let rig = rig(seed: UInt64(cut))
            let client = rig.client(upgrade: false)
            client.peer.write(script[..<cut])
            try rig.run()
            client.peer.write(script[cut...])
            try rig.run()
            let result = (rig.flusher.records(), client.frames())
            let drops = [DropReason.maxLen, .empty, .invalidJSON].map { rig.dropped($0) }
            #expect(drops == [1, 1, 1], "cut at \(cut)")
            #expect(rig.snapshot.ledger.isBalanced)
            if let expected {
                #expect(result.0 == expected.records, "cut at \(cut)")
                #expect(result.1 == expected.frames, "cut at \(cut)")
            } else {
                expected = result
                #expect(result.0.count == 6)
                #expect(result.1.count == 9)
                #expect(result.1.suffix(2).first?.hasPrefix(#"compressed text:{"timestamp":0,"long""#) == true)
            }
        }
    }

    @Test func oneByteAtATimeGivesTheSame() throws {
        let rig = rig()
        let client = rig.client(upgrade: false)
        for byte in Self.conversation(ZlibDeflater(windowBits: 12, keepsContext: true)) {
            client.peer.write([byte])
            try rig.run()
        }
        #expect(rig.flusher.records().count == 6)
        #expect(client.frames().last == "close:1000")
    }

    @Test(arguments: [1, 7, 100, 4_096])
    func aLogOfExactlyMaxLenPassesAndOneByteMoreIsDroppedHoweverItIsFragmented(step: Int) throws {
        let rig = rig()
        let client = rig.compressingClient()
        for length in [1_000, 1_001] {
            let payload = GatewayClient.deflated((0..<length).map { UInt8(0x61 + $0 % 23) })
            for at in stride(from: 0, to: payload.count, by: step) {
                let end = min(payload.count, at + step)
                client.sendCompressed(
                    at == 0 ? .text : .continuation,
                    Array(payload[at..<end]),
                    isFinal: end == payload.count
                )
            }
        }
        client.sendCompressed(log)
        try rig.run()
        #expect(rig.flusher.records().count == 2)
        #expect(rig.dropped(.maxLen) == 1)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func whatCannotBeInflatedEndsTheConnection() throws {
        for payload in [[0xFF, 0xFF, 0xFF], [0x07]] as [[UInt8]] {
            let rig = rig()
            let client = rig.compressingClient()
            client.sendCompressed(log)
            client.sendCompressed(.text, payload)
            client.sendCompressed("never read")
            try rig.run(seconds: 3)
            #expect(client.frames() == ["close:1007"])
            #expect(rig.flusher.records() == [log])
            #expect(rig.snapshot.ledger.received[0] == 1)
            #expect(rig.network.openConnections == 0)
        }
    }

    @Test func textThatIsNotUTF8EndsTheConnectionWhenItIsSeen() throws {
        let rig = rig()
        let (whole, cut) = (rig.compressingClient(), rig.compressingClient())
        whole.sendCompressed(.text, GatewayClient.deflated([0xC3, 0x28]))
        let deflater = ZlibDeflater(windowBits: 12, keepsContext: true)
        let payload = deflater.compress([0x61, 0xC3, 0x28, 0x61], flushes: [3])
        cut.sendCompressed(.text, Array(payload[..<(payload.count - 2)]), isFinal: false)
        try rig.run()
        #expect(whole.frames() == ["close:1007"])
        #expect(cut.frames() == ["close:1007"])
        #expect(rig.snapshot.ledger.received[0] == 0)
    }

    // MARK: Bombs

    private static let bomb: [UInt8] = {
        let deflater = ZlibDeflater(windowBits: 15, keepsContext: true, level: 9)
        let zeros = [UInt8](repeating: 0x30, count: 4 << 20)
        let tail: [UInt8] = [0, 0, 0xFF, 0xFF]
        let first = deflater.compress(zeros) + tail
        // Behind zeros, zeros are always the same bytes.
        let next = deflater.compress(zeros) + tail
        return first + Array(repeating: next, count: 255).joined() + [0]
    }()

    /// 1 GiB in 1 MiB: the connection ends at a hundred times `max_len`, nothing of it is kept meanwhile, and who is
    /// beside it waits for one tick's share and no longer.
    @Test func aBombCostsConstantMemoryAndHoldsUpNobody() throws {
        let rig = rig(maxLen: 960 * 1_024)
        let bomber = rig.compressingClient(offer: "permessage-deflate")
        let neighbour = rig.client()
        try rig.run()
        bomber.sendCompressed(.binary, Self.bomb)
        var ticks = 0
        var neighbourWaited: [Int] = []
        var sentAt: Int?
        var arrived = 0
        var most = 0
        for _ in 0..<100_000 {
            let before = rig.ticks
            rig.step()
            guard rig.ticks != before else { continue }
            ticks += 1
            most = max(most, rig.partialBytes)
            let count = rig.flusher.records().count
            if count > arrived, let sent = sentAt {
                arrived = count
                neighbourWaited.append(ticks - sent)
                sentAt = nil
            }
            if sentAt == nil, ticks < 80 {
                neighbour.send(log)
                sentAt = ticks
            }
            if ticks > 400 { break }
        }
        try rig.run(seconds: 3)
        #expect(bomber.frames() == ["close:1009"])
        #expect(rig.dropped(.maxLen) == 1)
        #expect(most <= 960 * 1_024 + 64 * 1_024)
        #expect(rig.partialBytes == 0)
        #expect(neighbourWaited.count >= 20)
        #expect(neighbourWaited.max() ?? 99 <= 4, "\(neighbourWaited)")
        #expect(rig.snapshot.ledger.isBalanced)
        #expect(rig.snapshot.inflaters == 0)
    }

    @Test func aMessageUpToAHundredTimesMaxLenIsOnlyDropped() throws {
        let rig = rig()
        let client = rig.compressingClient()
        client.sendCompressed(.text, GatewayClient.deflated(Array(repeating: 0x61, count: 100_000)))
        client.sendCompressed(log)
        try rig.run()
        #expect(rig.dropped(.maxLen) == 1)
        #expect(rig.flusher.records() == [log])
        client.sendCompressed(.text, GatewayClient.deflated(Array(repeating: 0x61, count: 100_001)))
        try rig.run()
        #expect(client.frames() == ["close:1009"])
        #expect(rig.dropped(.maxLen) == 2)
    }

    /// What one read inflates to beyond a tick's share goes on in the next ones, in order, also when the topic cannot
    /// take more in between.
    @Test func aReadThatInflatesToMoreThanATicksShareIsRelayedInOrder() throws {
        let rig = rig(maxLen: 200_000)
        let client = rig.compressingClient(offer: "permessage-deflate")
        try rig.run()
        let deflater = ZlibDeflater(windowBits: 15, keepsContext: true)
        let padding = String(repeating: "z", count: 100_000)
        var bytes: [UInt8] = []
        for number in 0..<80 {
            let text = #"{"timestamp":0,"n":\#(number),"p":"\#(padding)"}"#
            bytes += GatewayClient.compressedFrame(.text, deflater.compress(Array(text.utf8)))
        }
        try #require(bytes.count < 60_000)
        client.peer.write(bytes)
        client.sendClose()
        let ticks = rig.ticks
        for _ in 0..<200 where rig.flusher.records().count < 20 { rig.step() }
        rig.flusher.setReady(false)
        try rig.run()
        let stopped = rig.flusher.records().count
        #expect(stopped < 40)
        #expect(rig.snapshot.paused == 1)
        #expect(rig.partialBytes > 0)
        rig.flusher.setReady(true)
        try rig.run()
        let records = rig.flusher.records()
        #expect(records.count == 80)
        #expect(records.enumerated().allSatisfy { $1.hasPrefix(#"{"timestamp":0,"n":\#($0),"#) })
        #expect(rig.ticks - ticks >= 8)
        #expect(client.frames() == ["close:1000"])
        #expect(rig.partialBytes == 0)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func whoGoesWhileItsReadIsCarriedOverIsForgotten() throws {
        let rig = rig(maxLen: 200_000)
        let client = rig.compressingClient(offer: "permessage-deflate")
        try rig.run()
        client.sendCompressed(.text, GatewayClient.deflated(Array(repeating: 0x61, count: 12_000_000)))
        for _ in 0..<12 { rig.step() }
        #expect(rig.partialBytes > 0)
        client.peer.reset()
        try rig.run(seconds: 1)
        #expect(rig.partialBytes == 0)
        #expect(rig.network.openConnections == 0)
        #expect(rig.dropped(.maxLen) == 1)
    }

    // MARK: Memory

    @Test func anIdleInflaterRestsAndTheNextMessageMayStillReferBack() throws {
        let rig = rig()
        let client = rig.compressingClient()
        let deflater = ZlibDeflater(windowBits: 12, keepsContext: true)
        for round in 1...3 {
            client.sendCompressed(.text, deflater.compress(Array(log.utf8)))
            try rig.run()
            #expect(rig.snapshot.inflaters == 1)
            #expect(rig.flusher.records().count == round)
            try rig.run(seconds: 12)
            #expect(rig.snapshot.inflaters == 0)
        }
        client.sendCompressed(.text, deflater.compress(Array(log.utf8)))
        try rig.run()
        client.peer.close()
        try rig.run(seconds: 1)
        #expect(rig.snapshot.inflaters == 0)
    }

    @Test func withoutContextTakeoverNothingStays() throws {
        var settings = DeflateSettings()
        settings.clientContextTakeover = false
        let rig = rig(settings)
        let clients = (0..<10).map { _ in rig.compressingClient() }
        for _ in 0..<3 {
            for client in clients { client.sendCompressed(log) }
            try rig.run()
        }
        #expect(rig.flusher.records().count == 30)
        #expect(clients[0].head().contains("client_no_context_takeover"))
        #expect(rig.snapshot.inflaters == 0)
        #expect(rig.spareInflaters <= 8)
    }

    @Test func aCompressedMessageThatIsNotWholeInTimeEndsItsConnection() throws {
        let rig = rig()
        let client = rig.compressingClient()
        client.sendCompressed(.text, Array(GatewayClient.deflated(Array(log.utf8))[..<5]), isFinal: false)
        try rig.run()
        try rig.run(seconds: 42)
        #expect(client.frames().contains("close:1008"))
    }

    // MARK: Replies

    @Test func longEchoesAreCompressedAndShortOnesAreNot() throws {
        let rig = rig()
        let client = rig.compressingClient("/echo")
        let long = #"{"timestamp":0,"p":"\#(String(repeating: "a", count: 300))"}"#
        client.send(log)
        client.send(long)
        client.sendCompressed(long)
        let other = rig.client("/echo")
        other.send(long)
        let raw = rig.compressingClient("/raw")
        raw.sendCompressed(long)
        try rig.run()
        #expect(client.frames() == ["text:\(log)", "compressed text:\(long)", "compressed text:\(long)"])
        #expect(other.frames() == ["text:\(long)"])
        #expect(raw.frames() == ["compressed text:\(long)"])
    }

    @Test func aWindowOfEightBitsGetsNothingCompressed() throws {
        let rig = rig()
        let client = rig.compressingClient("/echo", offer: "permessage-deflate; server_max_window_bits=8")
        let long = #"{"timestamp":0,"p":"\#(String(repeating: "a", count: 300))"}"#
        client.sendCompressed(long)
        try rig.run()
        #expect(client.frames() == ["text:\(long)"])
    }
}
