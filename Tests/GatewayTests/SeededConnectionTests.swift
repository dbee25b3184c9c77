import Foundation
import LogPipeline
import Simulation
import Testing
import WebSocketWire

import class WebSocketOracle.ZlibDeflater

@testable import Gateway

/// Whole connections on a network that does what networks do: short reads and writes, spurious wake-ups, resets,
/// reused descriptors, stale events, stops and resumptions of the destination; plain and compressed, one log a message
/// or several. SLUICE_SEEDS runs more of them.
@Suite struct SeededConnectionTests {
    static let seeds = 0..<UInt64(ProcessInfo.processInfo.environment["SLUICE_SEEDS"].flatMap(UInt64.init) ?? 150)

    private struct Sender {
        let client: GatewayClient
        let number: Int
        let splits: Bool
        /// Of a client that compresses.
        let deflater: ZlibDeflater?
        var sent = 0
        var isReset = false
        var isClosed = false
    }

    @Test(arguments: seeds)
    func nothingIsLostInventedOrReordered(seed: UInt64) throws {
        let rig = GatewayRig(network: .faulty(seed: seed), routes: Self.routes) {
            $0.compression = DeflateSettings()
            // Every other network has to do with little.
            if seed % 2 == 1 { $0.maxPartial = 3_000 }
        }
        if seed % 3 > 0 { rig.allowInflating(InflateAllowance(share: 300, plenty: 1_000, least: 100)) }
        var random = SeededRandom(seed: seed &+ 1_000_003)
        var senders: [Sender] = []
        for step in 0..<60 {
            if random.chance(30) || senders.isEmpty {
                senders.append(sender(rig, number: senders.count, &random))
            }
            let index = random.below(senders.count)
            act(&senders[index], &random)
            if random.chance(10) { rig.flusher.setReady(random.chance(60)) }
            if random.chance(10) { rig.flusher.holdSettlements() }
            if random.chance(20) { rig.flusher.settleAll() }
            if random.chance(50) { try rig.run() }
            if random.chance(5) { try rig.run(seconds: random.below(15)) }
            #expect(rig.snapshot.ledger.isBalanced, "step \(step)")
        }
        rig.flusher.setReady(true)
        for index in senders.indices where !senders[index].isReset && !senders[index].isClosed {
            senders[index].client.sendClose()
        }
        try rig.run(seconds: 5)
        rig.flusher.settleAll()
        for sender in senders { sender.client.peer.close() }
        try rig.run(seconds: 30)
        // Whom the network lets in late is relayed late.
        rig.flusher.settleAll()
        try rig.run()
        check(rig, senders)
    }

    private static var routes: [LogRoute] {
        var split = LogRoute(path: "/split", maxLen: 1_000, topic: TopicIndex(rawValue: 0))
        split.split = .lines
        return GatewayRig.routes + [split]
    }

    private func sender(_ rig: GatewayRig, number: Int, _ random: inout SeededRandom) -> Sender {
        let path = ["/echo", "/logs", "/logs", "/split"][random.below(4)]
        let splits = path == "/split"
        guard random.chance(50) else {
            return Sender(client: rig.client(path), number: number, splits: splits, deflater: nil)
        }
        let keepsContext = random.chance(50)
        let offer = "permessage-deflate\(keepsContext ? "" : "; client_no_context_takeover"); client_max_window_bits"
        let deflater = ZlibDeflater(windowBits: 12, keepsContext: keepsContext)
        let client = rig.compressingClient(path, offer: offer)
        return Sender(client: client, number: number, splits: splits, deflater: deflater)
    }

    private func act(_ sender: inout Sender, _ random: inout SeededRandom) {
        guard !sender.isReset, !sender.isClosed else { return }
        switch random.below(12) {
        case 0:
            sender.isReset = true
            sender.client.peer.reset()
        case 1:
            sender.isClosed = true
            sender.client.sendClose()
        case 2:
            sender.client.send(.ping, Array("p".utf8))
        case 3:
            sender.client.send(.binary, Array(repeating: 0x61, count: 1_001 + random.below(3_000)))
        default:
            for _ in 0..<1 + random.below(8) { log(&sender, &random) }
        }
    }

    private func log(_ sender: inout Sender, _ random: inout SeededRandom) {
        var texts: [String] = []
        for _ in 0..<(sender.splits ? 1 + random.below(5) : 1) {
            let padding = String(repeating: "é", count: random.below(200))
            texts.append(#"{"timestamp":0,"c":\#(sender.number),"n":\#(sender.sent),"p":"\#(padding)"}"#)
            sender.sent += 1
        }
        var bytes = Array(texts.joined(separator: "\n").utf8)
        var isCompressed = false
        if let deflater = sender.deflater, random.chance(70) {
            isCompressed = true
            bytes = deflater.compress(bytes)
        }
        func send(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) {
            if isCompressed {
                sender.client.sendCompressed(opcode, payload, isFinal: isFinal)
            } else {
                sender.client.send(opcode, payload, isFinal: isFinal)
            }
        }
        guard random.chance(40) else { return send(.text, bytes) }
        let cut = random.below(bytes.count + 1)
        send(.text, Array(bytes[..<cut]), isFinal: false)
        if random.chance(30) { sender.client.send(.pong, []) }
        send(.continuation, Array(bytes[cut...]))
    }

    private func check(_ rig: GatewayRig, _ senders: [Sender]) {
        let ledger = rig.snapshot.ledger
        #expect(ledger.isBalanced)
        #expect(ledger.inFlight == 0)
        #expect(rig.network.openConnections == 0)
        #expect(rig.snapshot.connections == [0, 0, 0, 0])
        #expect(rig.snapshot.inflaters == 0)
        #expect(rig.partialBytes == 0)
        let records = rig.flusher.records()
        #expect(UInt64(records.count) == ledger.delivered[0])
        var numbers = [[Int]](repeating: [], count: senders.count)
        for record in records {
            let fields = record.split(whereSeparator: { ":,".contains($0) })
            guard fields.count > 5, let sender = Int(fields[3]), let number = Int(fields[5]) else {
                Issue.record("a record that nobody sent: \(record)")
                continue
            }
            numbers[sender].append(number)
        }
        for sender in senders {
            // In order and without a gap; all of it unless the client itself destroyed what was on its way.
            #expect(numbers[sender.number] == Array(0..<numbers[sender.number].count))
            // A network with faults does not let everybody in.
            guard !sender.isReset else { continue }
            #expect(numbers[sender.number].count == (sender.client.status == 101 ? sender.sent : 0))
        }
    }
}
