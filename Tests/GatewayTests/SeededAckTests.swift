import Foundation
import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

/// Acks on a network with faults, while batches settle in any order, in part, with drops. SLUICE_SEEDS runs more.
@Suite struct SeededAckTests {
    static let seeds = 0..<UInt64(ProcessInfo.processInfo.environment["SLUICE_SEEDS"].flatMap(UInt64.init) ?? 100)

    private struct Sender {
        let client: GatewayClient
        let number: Int
        let splits: Bool
        /// The logs of each message.
        var messages: [[String]] = []
        /// Numbers of messages that are to be named in a drop.
        var dropped: Set<Int> = []
        var isReading = true
    }

    @Test(arguments: seeds)
    func anAckIsNeverEarlyAndComesAtLast(seed: UInt64) throws {
        let routes = GatewayRig.routes + [splitRoute()]
        let rig = GatewayRig(network: .faulty(seed: seed), routes: routes) { $0.compression = DeflateSettings() }
        rig.flusher.holdSettlements()
        var random = SeededRandom(seed: seed &+ 77)
        var senders = (0..<4).map { number in
            let path = ["/logs", "/split", "/echo"][random.below(3)]
            let client = rig.acknowledged(path, compressing: true)
            return Sender(client: client, number: number, splits: path == "/split")
        }
        for _ in 0..<80 {
            act(&senders[random.below(senders.count)], rig, &random)
            if random.chance(8) { rig.flusher.setReady(random.chance(60)) }
            if random.chance(40) { rig.flusher.settleSome(&random) }
            if random.chance(60) { try rig.run() }
            if random.chance(5) { try rig.run(seconds: random.below(3)) }
            for sender in senders { check(sender, rig) }
        }
        rig.flusher.setReady(true)
        for sender in senders { sender.client.peer.resumeReading() }
        for _ in 0..<50 {
            try rig.run(seconds: 1)
            rig.flusher.settleSome(&random)
        }
        rig.flusher.settleAll()
        try rig.run(seconds: 2)
        for sender in senders where sender.client.status == 101 {
            check(sender, rig)
            #expect(sender.client.acked == sender.messages.count)
            let acks = sender.client.acks
            #expect(acks == acks.sorted())
        }
        #expect(rig.snapshot.ledger.isBalanced)
        #expect(rig.snapshot.ledger.inFlight == 0)
    }

    private func act(_ sender: inout Sender, _ rig: GatewayRig, _ random: inout SeededRandom) {
        switch random.below(10) {
        case 0:
            sender.isReading.toggle()
            if sender.isReading { sender.client.peer.resumeReading() } else { sender.client.peer.stopReading() }
        case 1:
            sender.client.send("ping")
        case 2:
            sender.messages.append([])
            sender.dropped.insert(sender.messages.count)
            sender.client.send(sender.splits ? "{\n{" : "{")
        default:
            for _ in 0..<1 + random.below(6) { message(&sender, &random) }
        }
    }

    private func message(_ sender: inout Sender, _ random: inout SeededRandom) {
        let number = sender.messages.count + 1
        let logs = (0..<(sender.splits ? 1 + random.below(4) : 1)).map {
            #"{"timestamp":0,"c":\#(sender.number),"m":\#(number),"l":\#($0),"p":"\#(String(repeating: "p", count: random.below(300)))"}"#
        }
        sender.messages.append(logs)
        let bytes = Array(logs.joined(separator: "\n").utf8)
        guard !random.chance(30) else {
            return sender.client.sendCompressed(.text, GatewayClient.deflated(bytes))
        }
        guard random.chance(30) else { return sender.client.send(.text, bytes) }
        let cut = random.below(bytes.count)
        sender.client.send(.text, Array(bytes[..<cut]), isFinal: false)
        sender.client.send(.continuation, Array(bytes[cut...]))
    }

    /// Whatever is acked is settled, and named if it was dropped.
    private func check(_ sender: Sender, _ rig: GatewayRig) {
        let frames = sender.client.frames()
        let verdicts = rig.flusher.verdicts
        var named: Set<Int> = []
        for frame in frames {
            if let number = number(in: frame, behind: #"text:{"drop":{"message":"#) { named.insert(number) }
            guard let acked = number(in: frame, behind: #"text:{"ack":"#) else { continue }
            guard acked <= sender.messages.count else {
                Issue.record("an ack of a message that nobody sent")
                continue
            }
            for message in 1...max(1, acked) where acked > 0 {
                if sender.dropped.contains(message) { #expect(named.contains(message)) }
                for log in sender.messages[message - 1] {
                    let isStored = verdicts[log]
                    #expect(isStored != nil, "an ack of what is not settled")
                    if isStored == false { #expect(named.contains(message)) }
                }
            }
        }
    }

    private func number(in frame: String, behind prefix: String) -> Int? {
        frame.hasPrefix(prefix) ? Int(frame.dropFirst(prefix.count).prefix { $0.isNumber }) : nil
    }
}
