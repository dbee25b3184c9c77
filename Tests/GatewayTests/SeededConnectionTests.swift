import Foundation
import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

/// Whole connections on a network that does what networks do: short reads and writes, spurious wake-ups, resets,
/// reused descriptors, stale events, stops and resumptions of the destination. SLUICE_SEEDS runs more of them.
@Suite struct SeededConnectionTests {
    static let seeds = 0..<UInt64(ProcessInfo.processInfo.environment["SLUICE_SEEDS"].flatMap(UInt64.init) ?? 150)

    private struct Sender {
        let client: GatewayClient
        let number: Int
        var sent = 0
        var isReset = false
        var isClosed = false
    }

    @Test(arguments: seeds)
    func nothingIsLostInventedOrReordered(seed: UInt64) throws {
        let rig = GatewayRig(network: .faulty(seed: seed))
        var random = SeededRandom(seed: seed &+ 1_000_003)
        var senders: [Sender] = []
        for step in 0..<60 {
            if random.chance(30) || senders.isEmpty {
                senders.append(Sender(client: rig.client(random.chance(30) ? "/echo" : "/logs"), number: senders.count))
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
        check(rig, senders)
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
        let padding = String(repeating: "é", count: random.below(200))
        let text = #"{"timestamp":0,"c":\#(sender.number),"n":\#(sender.sent),"p":"\#(padding)"}"#
        sender.sent += 1
        let bytes = Array(text.utf8)
        guard random.chance(40) else { return sender.client.send(.text, bytes) }
        let cut = random.below(bytes.count + 1)
        sender.client.send(.text, Array(bytes[..<cut]), isFinal: false)
        if random.chance(30) { sender.client.send(.pong, []) }
        sender.client.send(.continuation, Array(bytes[cut...]))
    }

    private func check(_ rig: GatewayRig, _ senders: [Sender]) {
        let ledger = rig.snapshot.ledger
        #expect(ledger.isBalanced)
        #expect(ledger.inFlight == 0)
        #expect(rig.network.openConnections == 0)
        #expect(rig.snapshot.connections == [0, 0, 0])
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
