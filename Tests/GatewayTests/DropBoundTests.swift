import Admission
import Foundation
import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

private func log(_ number: Int) -> String { #"{"timestamp":0,"n":\#(number)}"# }

/// What a client of `sluice.v1` costs of whose messages many are dropped, and which does not read that.
@Suite struct DropBoundTests {
    private static let bound = 64 << 10

    private func rig(maxPartial: Int = 64 << 20, _ limits: ConnectionLimits? = nil) -> GatewayRig {
        GatewayRig(routes: GatewayRig.routes + [splitRoute()]) {
            $0.compression = DeflateSettings()
            $0.maxPartial = maxPartial
            if let limits { $0.admission = limited(limits) }
        }
    }

    /// Nothing of it fits into the kernel, and no word is read.
    private func deaf(_ rig: GatewayRig, _ path: String = "/logs", compressing: Bool = false) throws -> GatewayClient {
        rig.network.faults.sendBuffer = 1_024
        let client = rig.acknowledged(path, compressing: compressing)
        try rig.run()
        _ = client.head()
        client.peer.stopReading()
        return client
    }

    enum Shape: CaseIterable { case plain, compressed, split, fragmented }

    private func read(of shape: Shape) -> (bytes: [UInt8], messages: Int) {
        switch shape {
        case .plain:
            (Array(repeatElement(GatewayClient.text("{"), count: 9_000).joined()), 9_000)
        case .compressed:
            (Array(repeatElement(GatewayClient.compressed("{"), count: 6_000).joined()), 6_000)
        case .split:
            (
                Array(
                    repeatElement(GatewayClient.compressed(String(repeating: "{\n", count: 1_000)), count: 500).joined()
                ), 500
            )
        case .fragmented:
            (
                Array(
                    repeatElement(
                        GatewayClient.frame(.text, [0x7B], isFinal: false) + GatewayClient.frame(.continuation, []),
                        count: 2_000
                    ).joined()
                ), 2_000
            )
        }
    }

    @Test(arguments: Shape.allCases)
    func oneReadMakesNoMoreThanTheClientMayLeaveUnread(_ shape: Shape) throws {
        let rig = rig()
        let client = try deaf(rig, shape == .split ? "/split" : "/logs", compressing: shape != .plain)
        let (bytes, messages) = read(of: shape)
        client.peer.write(bytes)
        var (most, mostReads) = (0, 0)
        for _ in 0..<1_000 {
            rig.step()
            let held = rig.heldForDrops
            most = max(most, held.notices + rig.pendingOutput)
            mostReads = max(mostReads, held.reads)
        }
        try rig.run()
        // The last message may have a notice of its own length.
        #expect(most >= Self.bound && most < Self.bound + 9_000)
        #expect(mostReads > 0 && mostReads <= readSize)
        #expect(rig.snapshot.paused == 1)
        #expect(rig.partialBytes == 0)
        // Whoever reads in parts is told in parts.
        client.peer.stopReading(window: 30_000)
        try rig.run()
        client.peer.resumeReading()
        // Fragments of nothing have a rate of their own.
        for _ in 0..<10 { try rig.run(seconds: 1) }
        #expect(client.acked == messages)
        let named = client.frames().compactMap { frame in
            frame.hasPrefix(#"text:{"drop":{"message":"#) ? Int(frame.dropFirst(24).prefix { $0.isNumber }) : nil
        }
        let isEachNamedInOrder = named == Array(1...messages)
        #expect(isEachNamedInOrder)
        #expect(rig.snapshot.paused == 0)
        #expect(rig.heldForDrops == (0, 0))
    }

    /// What it sent behind them waits, and then comes in its order.
    @Test func whatIsGoodBehindThemIsRelayedWhenTheyAreRead() throws {
        let rig = rig()
        let client = try deaf(rig)
        var bytes: [UInt8] = []
        for number in 1...1_000 {
            for _ in 0..<3 { bytes += GatewayClient.text("{") }
            bytes += GatewayClient.text(log(number))
        }
        client.peer.write(bytes)
        client.peer.finish()
        try rig.run()
        #expect(rig.flusher.records().count < 500)
        client.peer.resumeReading()
        try rig.run()
        #expect(rig.flusher.records() == (1...1_000).map(log))
        #expect(client.frames().filter { $0.contains("drop") }.count == 3_000)
    }

    /// What it had sent before is received, whoever will hear of it.
    @Test func whoGoesMeanwhileLeavesNothingBehind() throws {
        let rig = rig()
        let client = try deaf(rig, compressing: true)
        client.peer.write(read(of: .plain).bytes + GatewayClient.text(log(1)))
        try rig.run()
        #expect(rig.heldForDrops.reads > 0)
        client.peer.reset()
        try rig.run(seconds: 5)
        #expect(rig.flusher.records() == [log(1)])
        #expect(rig.network.openConnections == 0)
        #expect(rig.partialBytes == 0)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    /// A read that goes on does not begin anew with what the client may send.
    @Test func itPaysForWhatItSendsAllTheSame() throws {
        let rig = rig(ConnectionLimits(logsPerSecond: 1_000))
        let client = rig.acknowledged()
        client.peer.write(read(of: .plain).bytes)
        try rig.run()
        #expect(rig.snapshot.ledger.received[0] < 3_000)
        try rig.run(seconds: 20)
        #expect(client.acked == 9_000)
    }

    /// At the bound of messages that are not whole they get on a few at a time, and those who wait for their drops to
    /// be read keep nobody from it.
    @Test(arguments: [false, true])
    func theyGetOnAtTheBoundOfPartialMessages(compressing: Bool) throws {
        let rig = rig(maxPartial: 100)
        rig.network.faults.sendBuffer = 1_024
        let deaf = try (0..<20).map { _ in try self.deaf(rig, compressing: compressing) }
        for client in deaf {
            client.peer.write(Array(repeatElement(GatewayClient.text("{"), count: 8_000).joined()))
        }
        try rig.run()
        #expect(rig.snapshot.paused == 20)
        // Nothing of theirs counts, so that others may begin a message; this one takes all there is.
        let slow = rig.client("/logs")
        try rig.run()
        let message = Array(String(repeating: "x", count: 900).utf8)
        slow.peer.write(GatewayClient.frame(.text, message).dropLast(10))
        try rig.run()
        #expect(rig.partialBytes >= 100)
        for client in deaf[..<10] { client.peer.resumeReading() }
        try rig.run()
        for client in deaf[..<10] { #expect(client.acked == 8_000) }
        #expect(rig.snapshot.paused == 10)
        for client in deaf[10...] { client.peer.resumeReading() }
        try rig.run()
        for client in deaf { #expect(client.acked == 8_000) }
    }

    static let seeds = 0..<UInt64(ProcessInfo.processInfo.environment["SLUICE_SEEDS"].flatMap(UInt64.init) ?? 20)

    @Test(arguments: seeds)
    func everyDropIsNamedOnceInOrderOnABadNetwork(seed: UInt64) throws {
        let rig = GatewayRig(network: .faulty(seed: seed)) { $0.compression = DeflateSettings() }
        var random = SeededRandom(seed: seed &+ 41)
        let client = rig.acknowledged(compressing: random.chance(50))
        try rig.run()
        guard client.status == 101 else { return }
        var (sent, dropped) = (0, [Int]())
        for _ in 0..<30 {
            let isGood = random.chance(20)
            for _ in 0..<1 + random.below(isGood ? 20 : 900) {
                sent += 1
                if !isGood { dropped.append(sent) }
                client.send(isGood ? log(sent) : "{")
            }
            if random.chance(40) { client.peer.stopReading(window: random.below(20_000)) }
            if random.chance(40) { client.peer.resumeReading() }
            for _ in 0..<random.below(40) {
                rig.step()
                #expect(rig.heldForDrops.notices + rig.pendingOutput < Self.bound + 400)
                #expect(rig.heldForDrops.reads <= readSize)
            }
            if random.chance(30) { try rig.run() }
        }
        client.peer.resumeReading()
        for _ in 0..<20 { try rig.run(seconds: 1) }
        let named = client.frames().compactMap { frame in
            frame.hasPrefix(#"text:{"drop":{"message":"#) ? Int(frame.dropFirst(24).prefix { $0.isNumber }) : nil
        }
        #expect(client.acked == sent)
        let isEachNamedInOrder = named == dropped
        #expect(isEachNamedInOrder)
        #expect(rig.flusher.records().count == sent - dropped.count)
        #expect(rig.heldForDrops == (0, 0))
        #expect(rig.snapshot.ledger.isBalanced)
    }
}
