import LogPipeline
import Reactor
import Simulation
import Testing

@testable import Gateway

private let log = #"{"timestamp":0,"n":1}"#

/// How long sessions are remembered, how many, and who has to wait for one.
@Suite struct SessionLifeTests {
    @Test func itIsForgottenAfterTheTimeout() throws {
        let rig = GatewayRig(shared: SharedState(sessionTimeout: 5 * second))
        for (pause, stored) in [(4, 1), (6, 2)] {
            let client = rig.acknowledged(session: "a")
            try rig.run()
            client.send(log)
            try rig.run()
            #expect(client.acked == 1)
            #expect(rig.flusher.records().count == stored - (pause == 6 ? 1 : 0))
            client.peer.reset()
            try rig.run(seconds: pause)
        }
        let client = rig.acknowledged(session: "a")
        try rig.run()
        client.send(log)
        try rig.run()
        #expect(rig.flusher.records().count == 2)
    }

    @Test func whoCannotBeRememberedIsRefused() throws {
        let rig = GatewayRig(shared: SharedState(maxSessions: 1))
        let first = rig.acknowledged(session: "a")
        try rig.run()
        let second = rig.acknowledged(session: "b")
        let third = rig.acknowledged()
        try rig.run()
        #expect(second.status == 503)
        #expect(second.head().contains("Retry-After: 10\r\n"))
        #expect(third.status == 101)
        #expect(rig.snapshot.refused[Int(RefusalReason.tooManySessions.rawValue)] == 1)
        first.peer.reset()
        try rig.run()
        let fourth = rig.acknowledged(session: "b")
        try rig.run()
        #expect(fourth.status == 101)
    }

    @Test func aQueryThatIsWrongIsRefusedOnlyWhereItMeansSomething() throws {
        let rig = GatewayRig()
        let wrong = rig.acknowledged(session: "a%20b")
        let plain = rig.client("/logs?session=a%20b&from=x")
        try rig.run()
        #expect(wrong.status == 400)
        #expect(plain.status == 101)
        #expect(wrong.everything.count > 0)
    }

    @Test func nothingIsReadBehindTheHandshakeOfOneThatWaits() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let first = rig.acknowledged(session: "a")
        try rig.run()
        first.send(log)
        try rig.run()
        let second = rig.client(upgrade: false)
        let request = GatewayClient.request("/logs?session=a", ["Sec-WebSocket-Protocol: sluice.v1"])
        second.peer.write(Array(request.utf8) + GatewayClient.text(log))
        try rig.run()
        #expect(second.frames() == ["close:1002"])
        // The session is not lost with it.
        rig.flusher.settleAll()
        try rig.run()
        let third = rig.acknowledged(session: "a")
        try rig.run()
        third.send(log)
        try rig.run()
        #expect(third.acked == 1)
        #expect(rig.flusher.records() == [log])
    }

    @Test func oneThatWaitsEndsWithTheGateway() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let first = rig.acknowledged(session: "a")
        try rig.run()
        first.send(log)
        try rig.run()
        first.peer.reset()
        try rig.run()
        let second = rig.acknowledged(session: "a")
        try rig.run()
        rig.inbox.post(.drain(within: 10_000_000_000) {})
        try rig.run()
        #expect(second.frames().last == "close:1012")
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.orphanCount == 0)
        #expect(rig.snapshot.ledger.isBalanced)
    }
}
