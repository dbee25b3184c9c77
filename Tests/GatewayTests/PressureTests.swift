import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

@Suite struct PressureTests {
    @Test func nothingIsReadWhileTheTopicIsUnreadyAndAllArrivesInOrderAfterwards() throws {
        let rig = GatewayRig()
        let clients = (0..<200).map { _ in rig.client() }
        try rig.run()
        rig.flusher.setReady(false)
        for (index, client) in clients.enumerated() {
            for number in 0..<5 { client.send(#"{"timestamp":0,"c":\#(index),"n":\#(number)}"#) }
        }
        try rig.run()
        #expect(rig.flusher.records().isEmpty)
        #expect(rig.snapshot.paused == 200)
        rig.flusher.setReady(true)
        try rig.run()
        let records = rig.flusher.records()
        #expect(records.count == 1_000)
        for index in 0..<200 {
            let mine = records.filter { $0.contains(#""c":\#(index),"#) }
            #expect(mine == (0..<5).map { #"{"timestamp":0,"c":\#(index),"n":\#($0)}"# })
        }
        #expect(rig.snapshot.paused == 0)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func aPausedConnectionCostsNoWakeUps() throws {
        let rig = GatewayRig { $0.idleTimeout = 90 * second }
        let client = rig.client()
        try rig.run()
        rig.flusher.setReady(false)
        client.send("waiting")
        try rig.run()
        let before = rig.network.wakeUps
        client.send("and more")
        try rig.run(seconds: 1)
        #expect(rig.network.wakeUps - before <= 1)
    }

    @Test func whoLeavesWhileItIsPausedIsHeardToItsEnd() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        rig.flusher.setReady(false)
        for _ in 0..<10 { client.send("waiting") }
        client.peer.close()
        try rig.run(seconds: 1)
        #expect(rig.flusher.records().isEmpty)
        rig.flusher.setReady(true)
        try rig.run(seconds: 1)
        #expect(rig.flusher.records().count == 10)
        #expect(rig.network.openConnections == 0)
    }

    @Test func whatIsInFlightIsCountedUntilItIsSettled() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = rig.client()
        client.send("one")
        client.send("two")
        try rig.run()
        #expect(rig.snapshot.ledger.inFlight == 2)
        #expect(rig.snapshot.ledger.inFlightBytes > 0)
        #expect(rig.snapshot.ledger.isBalanced)
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.snapshot.ledger.inFlight == 0)
        #expect(rig.snapshot.ledger.delivered == [2])
    }

    /// 2,000 connections each hold back the end of a message: others go on, memory stays bounded, the time-out ends it.
    @Test func messagesThatAreNotWholeStayWithinTheirBudget() throws {
        let route = LogRoute(path: "/logs", maxLen: 64 * 1_024, topic: TopicIndex(rawValue: 0))
        let rig = GatewayRig(routes: [route]) { $0.maxPartial = 1 << 20 }
        let holders = (0..<200).map { _ in rig.client() }
        try rig.run()
        for holder in holders {
            holder.send(.text, Array(repeating: 0x61, count: 60_000), isFinal: false)
            try rig.run()
        }
        // At the bound nobody begins a message; what is within one goes on.
        #expect(rig.snapshot.paused > 100)
        #expect(rig.partialBytes <= (1 << 20) + 2 * 64 * 1_024)
        try rig.run(seconds: 40)
        #expect(holders.prefix(5).allSatisfy { $0.frames().contains("close:1008") })
        // As the first are ended, those behind them get their turn, and are ended in turn.
        try rig.run(seconds: 600)
        let client = rig.client()
        client.send("whole")
        try rig.run()
        #expect(rig.flusher.records().count == 1)
    }

    @Test func aMessagePastMaxLenKeepsNobodyFromGrowing() throws {
        let route = LogRoute(path: "/logs", maxLen: 64 * 1_024, topic: TopicIndex(rawValue: 0))
        let rig = GatewayRig(routes: [route]) { $0.maxPartial = 600_000 }
        let clients = (0..<28).map { _ in rig.client() }
        let (long, others) = (clients.prefix(PartialBudget.holderLimit), clients.dropFirst(PartialBudget.holderLimit))
        let piece = Array(repeating: UInt8(0x61), count: 40_000)
        for client in clients {
            client.send(.text, piece, isFinal: false)
            try rig.run()
        }
        for client in long {
            client.send(.continuation, piece, isFinal: false)
            try rig.run()
        }
        #expect(rig.dropped(.maxLen) == UInt64(PartialBudget.holderLimit))
        #expect(rig.partialBytes >= 600_000)
        others.first?.send(.continuation, [0x61])
        try rig.run()
        #expect(rig.flusher.records().count == 1)
    }

    @Test func fragmentedMessagesThatAllFitOneAfterTheOtherGetThroughTheBudget() throws {
        let route = LogRoute(path: "/logs", maxLen: 64 * 1_024, topic: TopicIndex(rawValue: 0))
        let rig = GatewayRig(routes: [route]) { $0.maxPartial = 256 * 1_024 }
        let clients = (0..<50).map { _ in rig.client() }
        try rig.run()
        let piece = Array(repeating: UInt8(0x61), count: 4_096)
        for round in 0..<10 {
            for client in clients { client.send(round == 0 ? .text : .continuation, piece, isFinal: round == 9) }
            try rig.run()
        }
        try rig.run(seconds: 5)
        #expect(rig.flusher.records().count == 50)
        #expect(rig.partialBytes == 0)
    }
}
