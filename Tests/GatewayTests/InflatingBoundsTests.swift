import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

private let log = #"{"timestamp":"2026-01-01T00:00:00Z","message":"m"}"#

private func rig(maxLen: Int, maxPartial: Int = 64 << 20) -> GatewayRig {
    let routes = [LogRoute(path: "/logs", maxLen: maxLen, topic: TopicIndex(rawValue: 0))]
    return GatewayRig(routes: routes) {
        $0.compression = DeflateSettings()
        $0.maxPartial = maxPartial
    }
}

/// What compressed messages may cost, in time and in memory.
@Suite struct InflatingBoundsTests {
    /// Blocks without anything in them cost time and bring nothing: they are paid for by what goes in.
    @Test func inputThatComesToNothingTakesItsTurnsToo() throws {
        let rig = rig(maxLen: 1_000)
        let clients = (0..<20).map { _ in rig.compressingClient() }
        try rig.run()
        let nothing = Array(repeating: [0, 0, 0, 0xFF, 0xFF] as [UInt8], count: 12_000).joined()
        for client in clients {
            client.sendCompressed(.text, nothing + GatewayClient.deflated(Array(log.utf8)))
        }
        var most = 0
        for _ in 0..<4_000 {
            rig.step()
            most = max(most, rig.partialBytes)
        }
        try rig.run()
        #expect(most > 100_000)
        #expect(rig.flusher.records() == Array(repeating: log, count: 20))
        #expect(rig.partialBytes == 0)
    }

    /// What a read inflates to is bounded by `max_partial` as well: in the read that brings the handshake, and in what
    /// is left of a read for the next tick.
    @Test(arguments: [true, false])
    func whatIsInflatedStaysWithinMaxPartial(isFirstRead: Bool) throws {
        let rig = rig(maxLen: 200_000, maxPartial: 256 * 1_024)
        if !isFirstRead { rig.allowInflating(InflateAllowance(share: 50_000, plenty: 100_000, least: 10_000)) }
        let clients = (0..<60).map { _ in rig.client(upgrade: false) }
        let request = Array(GatewayClient.compressingRequest("/logs").utf8)
        if !isFirstRead {
            for client in clients { client.peer.write(request) }
            try rig.run()
        }
        let payload = GatewayClient.deflated(Array(repeating: 0x61, count: 190_000)) + [0, 0, 0xFF, 0xFF]
        let small = GatewayClient.compressedFrame(.text, GatewayClient.deflated(Array(repeating: 0x62, count: 60_000)))
        for client in clients {
            let fragment = GatewayClient.compressedFrame(.text, payload, isFinal: false)
            client.peer.write(isFirstRead ? request + fragment : small + fragment)
        }
        var most = 0
        for _ in 0..<5_000 {
            rig.step()
            most = max(most, rig.partialBytes)
        }
        #expect(most <= 256 * 1_024 + PartialBudget.holderLimit * 200_000 + 60 * 1_024)
        for client in clients { client.sendCompressed(.continuation, [0]) }
        try rig.run(seconds: 2)
        #expect(rig.flusher.records().count == (isFirstRead ? 60 : 120))
        #expect(rig.partialBytes == 0)
        #expect(rig.snapshot.paused == 0)
        #expect(rig.snapshot.ledger.isBalanced)
    }
}
