import Admission
import LogPipeline
import Reactor
import Simulation
import Synchronization
import Testing
import WebSocketWire

@testable import Gateway

private func log(_ number: Int) -> String { #"{"timestamp":0,"n":\#(number)}"# }

/// Sessions on a loop, and on two that share them.
@Suite struct ResumeTests {
    private func rig(_ adjust: (inout GatewayConfiguration) -> Void = { _ in }) -> GatewayRig {
        GatewayRig(routes: GatewayRig.routes + [splitRoute()]) {
            $0.compression = DeflateSettings()
            adjust(&$0)
        }
    }

    private func send(_ numbers: ClosedRange<Int>, _ client: GatewayClient) {
        for number in numbers { client.send(log(number)) }
    }

    @Test func numbersGoOnAndWhatWasReceivedIsNotStoredAgain() throws {
        let rig = rig()
        let first = rig.acknowledged(session: "a")
        try rig.run()
        send(1...5, first)
        try rig.run()
        #expect(first.acked == 5)
        first.peer.reset()
        try rig.run()
        let second = rig.acknowledged(session: "a", from: 3)
        try rig.run()
        // Nothing is acknowledged that was not sent on this connection: or the client would leave it out and count on.
        #expect(second.notices() == [])
        send(3...4, second)
        try rig.run()
        #expect(second.notices() == [#"text:{"ack":4}"#])
        send(5...7, second)
        try rig.run()
        #expect(second.acked == 7)
        #expect(rig.flusher.records() == (1...7).map(log))
        #expect(rig.snapshot.resent == 3)
        #expect(rig.snapshot.ledger.isBalanced)
        #expect(rig.snapshot.ledger.received.reduce(0, +) == 7)
    }

    @Test func whatIsInFlightIsWaitedForBeforeTheNextConnectionIsRead() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let first = rig.acknowledged(session: "a")
        try rig.run()
        send(1...5, first)
        try rig.run()
        first.peer.reset()
        try rig.run()
        #expect(rig.orphanCount == 1)
        let second = rig.acknowledged(session: "a", from: 1)
        try rig.run()
        #expect(second.status == 101)
        send(1...6, second)
        try rig.run()
        #expect(rig.flusher.records().count == 5)
        #expect(rig.snapshot.paused == 1)
        try rig.run(seconds: 1)
        #expect(second.notices() == [#"text:{"pause":true}"#])
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.orphanCount == 0)
        #expect(rig.flusher.records() == (1...6).map(log))
        #expect(second.notices() == [#"text:{"pause":true}"#, #"text:{"pause":false}"#, #"text:{"ack":5}"#])
        rig.flusher.settleAll()
        try rig.run()
        #expect(second.acked == 6)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func aSecondConnectionTakesTheSessionOver() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        var clients: [GatewayClient] = []
        for _ in 0..<3 {
            clients.append(rig.acknowledged(session: "a"))
            try rig.run()
        }
        #expect(clients[0].frames() == ["close:1008"])
        #expect(clients[1].frames() == ["close:1008"])
        send(1...3, clients[2])
        try rig.run()
        let last = rig.acknowledged(session: "a")
        try rig.run()
        #expect(clients[2].frames() == ["close:1008"])
        send(1...4, last)
        rig.flusher.settleAll()
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.flusher.records() == (1...4).map(log))
        #expect(last.acked == 4)
    }

    @Test func itGoesOverToAnotherLoop() throws {
        let shared = SharedState()
        let flusher = RecordingFlusher()
        flusher.holdSettlements()
        let rigs = (0..<2).map { GatewayRig(flusher: flusher, shared: shared, index: $0) }
        flusher.start(sinks: rigs.map(\.sink))
        let first = rigs[0].acknowledged(session: "a")
        try rigs[0].run()
        send(1...3, first)
        try rigs[0].run()
        let second = rigs[1].acknowledged(session: "a", from: 1)
        try rigs[1].run()
        #expect(second.status == 101)
        send(1...4, second)
        try rigs[1].run()
        try rigs[0].run()
        #expect(first.frames() == ["close:1008"])
        flusher.settleAll()
        try rigs[0].run()
        try rigs[1].run()
        flusher.settleAll()
        try rigs[1].run()
        #expect(flusher.records() == (1...4).map(log))
        #expect(second.acked == 4)
        #expect(shared.sessions.count(at: 0) == 1)
    }

    @Test func itKeepsItsPartitionWhateverConnectionAndLoopItIsOn() throws {
        let shared = SharedState()
        let flusher = RecordingFlusher()
        flusher.partitionCount.store(12, ordering: .relaxed)
        let rigs = (0..<2).map { GatewayRig(flusher: flusher, shared: shared, index: $0) }
        flusher.start(sinks: rigs.map(\.sink))
        // How the loops learn of the partitions.
        flusher.setReady(true)
        var used: [Int: Set<Int32>] = [:]
        for round in 1...10 {
            let rig = rigs[round % 2]
            // Others take the slots that the sessions had.
            let others = (0..<round).map { _ in rig.client() }
            for session in 0..<8 {
                let client = rig.acknowledged(session: "s\(session)", from: round)
                try rig.run()
                let before = flusher.partitions().count
                client.send(log(1_000 * session + round))
                try rig.run()
                #expect(client.acked == round)
                used[session, default: []].formUnion(flusher.partitions()[before...])
                client.peer.reset()
                try rig.run()
            }
            for other in others { other.send(log(0)) }
            for rig in rigs { try rig.run(seconds: 7) }
            for other in others { other.peer.reset() }
            try rig.run()
        }
        #expect(used.count == 8)
        #expect(used.values.allSatisfy { $0.count == 1 }, "\(used)")
        // Plain connections have been to many of them meanwhile.
        #expect(Set(flusher.partitions()).count > 1)
    }

    @Test func aDropIsSaidAgainWithItsMessage() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let first = rig.acknowledged(session: "a")
        try rig.run()
        send(1...2, first)
        first.send("{")  // 3, said and perhaps not heard
        first.send(log(4))
        try rig.run()
        #expect(first.notices() == [#"text:{"drop":{"message":3,"reason":"invalid_json","size":1}}"#])
        first.peer.reset()
        try rig.run()
        rig.flusher.settleAll(dropping: [1])
        try rig.run()
        let second = rig.acknowledged(session: "a", from: 2)
        try rig.run()
        send(2...2, second)
        second.send("{")
        send(4...5, second)
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        let size = log(2).utf8.count
        #expect(
            second.notices() == [
                #"text:{"drop":{"message":2,"reason":"record_too_large","size":\#(size)}}"#,
                #"text:{"drop":{"message":3,"reason":"invalid_json","size":1}}"#, #"text:{"ack":4}"#,
                #"text:{"ack":5}"#,
            ]
        )
        // Who says that it knows of them is not told again.
        second.peer.reset()
        try rig.run()
        let third = rig.acknowledged(session: "a", from: 5)
        try rig.run()
        send(5...5, third)
        try rig.run()
        #expect(third.notices() == [#"text:{"ack":5}"#])
        #expect(rig.dropped(.invalidJSON) == 1)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func everyShapeOfAMessageIsRecognised() throws {
        let rig = rig()
        let long = String(repeating: "l", count: 3_000)
        func all(_ client: GatewayClient) {
            client.send(log(1))
            client.send("ping")
            client.sendCompressed(log(2))
            client.sendCompressed("ping")
            client.send(.text, Array(log(3).utf8.prefix(5)), isFinal: false)
            client.send(.ping, [])
            client.send(.continuation, Array(log(3).utf8.dropFirst(5)))
            client.send(long)
            client.sendCompressed(long)
            client.send(.binary, [0xFF])
            client.send(.text, [])
            client.sendCompressed(log(8))
        }
        let first = rig.acknowledged(session: "a", compressing: true)
        try rig.run()
        all(first)
        try rig.run()
        #expect(first.acked == 8)
        let stored = rig.flusher.records()
        first.peer.reset()
        try rig.run()
        let second = rig.acknowledged(session: "a", from: 1, compressing: true)
        try rig.run()
        all(second)
        second.send(log(9))
        try rig.run()
        #expect(second.acked == 9)
        #expect(rig.flusher.records() == stored + [log(9)])
        #expect(second.frames().filter { $0 == "text:pong" }.count == 2)
        #expect(second.frames().filter { $0.contains("drop") } == first.frames().filter { $0.contains("drop") })
        #expect(rig.snapshot.resent == 8)
        #expect(rig.snapshot.ledger.received.reduce(0, +) == 9)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func logsOfAMessageThatWasCutAreNotStoredTwice() throws {
        let rig = rig()
        let logs = (1...9).map(log) + ["{", String(repeating: "l", count: 2_000)] + (12...15).map(log)
        let bytes = Array(logs.joined(separator: "\n").utf8)
        for _ in 0..<3 {
            for cut in [bytes.count / 4, bytes.count / 2, bytes.count - 10] {
                let client = rig.acknowledged("/split", session: "a")
                try rig.run()
                client.send(.text, Array(bytes[..<cut]), isFinal: false)
                try rig.run()
                client.peer.reset()
                try rig.run()
            }
        }
        let client = rig.acknowledged("/split", session: "a")
        try rig.run()
        client.send(.text, bytes)
        try rig.run()
        #expect(rig.flusher.records() == (1...9).map(log) + (12...15).map(log))
        #expect(rig.snapshot.ledger.received.reduce(0, +) == 15)
        #expect(
            client.notices() == [
                #"text:{"drop":{"message":1,"reason":"invalid_json","size":1,"records":[10]}}"#,
                #"text:{"drop":{"message":1,"reason":"max_len","size":2000,"limit":1000,"records":[11]}}"#,
                #"text:{"ack":1}"#,
            ]
        )
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func anUnknownSessionAndAGapBeginWhereTheClientSays() throws {
        let rig = rig()
        let first = rig.acknowledged(session: "a", from: 100)
        try rig.run()
        send(1...2, first)
        try rig.run()
        #expect(first.notices() == [#"text:{"ack":101}"#])
        first.peer.reset()
        try rig.run()
        let second = rig.acknowledged(session: "a", from: 500)
        try rig.run()
        send(3...3, second)
        try rig.run()
        #expect(second.notices() == [#"text:{"ack":500}"#])
        second.peer.reset()
        try rig.run()
        // What lies before the gap, nobody remembers.
        let third = rig.acknowledged(session: "a", from: 101)
        try rig.run()
        send(4...4, third)
        try rig.run()
        #expect(third.notices() == [#"text:{"ack":101}"#])
        #expect(rig.flusher.records() == (1...4).map(log))
        // Without a name there is a number all the same, and no memory.
        for _ in 0..<2 {
            let client = rig.acknowledged(from: 7)
            try rig.run()
            send(5...5, client)
            try rig.run()
            #expect(client.acked == 7)
            client.peer.reset()
            try rig.run()
        }
        #expect(rig.flusher.records().count == 6)
    }

    @Test func whoNeverReadsItsAcksCostsOneAckAlsoInALaterConnection() throws {
        let rig = rig()
        let first = rig.acknowledged(session: "a")
        try rig.run()
        send(1...3, first)
        try rig.run()
        first.peer.reset()
        try rig.run()
        let second = rig.acknowledged(session: "a")
        try rig.run()
        second.peer.stopReading()
        for number in 1...2_000 {
            second.send(log(number))
            try rig.run()
        }
        #expect(rig.pendingOutput < 100)
        second.peer.resumeReading()
        try rig.run()
        #expect(second.acked == 2_000)
        #expect(rig.flusher.records().count == 2_000)
    }
}
