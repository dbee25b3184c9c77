import Admission
import LogPipeline
import Reactor
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

/// What a loop does when the settings are read again.
@Suite struct UpdateTests {
    private func route(_ path: String, maxLen: Int = 100, topic: Int? = 0) -> LogRoute {
        LogRoute(path: path, maxLen: maxLen, topic: topic.map { TopicIndex(rawValue: $0) })
    }

    @Test func whoIsThereKeepsTheRouteByWhichTheyCame() throws {
        let world = UpdateWorld([route("/logs")])
        let old = world.rig.client("/logs")
        try world.rig.run()
        try world.update([route("/logs", maxLen: 10)])
        let new = world.rig.client("/logs")
        try world.rig.run()
        for client in [old, new] { client.send(#"{"timestamp":0,"message":"m"}"#) }
        try world.rig.run()
        #expect(world.rig.flusher.records().count == 1)
        let counts = world.rig.snapshot
        #expect(counts.ledger.received == [2] && counts.ledger.delivered == [1])
        #expect(counts.ledger.dropped(.maxLen) == 1 && counts.ledger.isBalanced)
        #expect(counts.connections == [2])
        #expect(world.rig.network.openConnections == 2)
    }

    @Test(arguments: [false, true])
    func whoIsQuietIsAskedByTheNewTimesBeforeTheyAreTakenForDead(isGone: Bool) throws {
        func route(_ path: String, ping: UInt64) -> LogRoute {
            LogRoute(path: path, maxLen: 100, topic: TopicIndex(rawValue: 0), pingInterval: ping * second)
        }
        let world = UpdateWorld([route("/logs", ping: 60)]) { $0.idleTimeout = 180 * second }
        let client = world.rig.client("/logs")
        try world.rig.run(seconds: 50)
        try world.update([route(isGone ? "/other" : "/logs", ping: 10)]) { $0.idleTimeout = 30 * second }
        for _ in 0..<5 {
            try world.rig.run(seconds: 16)
            client.send(.pong, [])
            try world.rig.run()
        }
        #expect(Set(client.frames()) == ["ping"])
        #expect(world.rig.network.openConnections == 1)
        try world.rig.run(seconds: 31)
        #expect(client.frames().last == "close:1001")
    }

    @Test func aRouteThatIsGoneKeepsItsConnectionsAndItsCounters() throws {
        let world = UpdateWorld([route("/logs"), route("/other")])
        let old = world.rig.client("/logs")
        old.send("one")
        try world.rig.run()
        try world.update([route("/other")])
        old.send("two")
        let late = world.rig.client("/logs")
        try world.rig.run()
        #expect(late.status == 404 && !late.head().contains("/logs,"))
        #expect(world.rig.snapshot.ledger.received == [2, 0] && world.rig.snapshot.connections == [1, 0])
        try world.update([route("/logs"), route("/other")])
        let back = world.rig.client("/logs")
        back.send("three")
        try world.rig.run()
        #expect(world.rig.snapshot.ledger.received == [3, 0])
    }

    @Test func aNewRouteHasANewTopic() throws {
        let world = UpdateWorld([route("/logs")])
        let old = world.rig.client("/logs")
        try world.rig.run()
        // What concerns a topic that this loop has not been told of yet.
        world.rig.sink.readinessChanged(TopicIndex(rawValue: 1))
        try world.update([route("/logs", topic: 1), route("/new", topic: 2)], topics: ["logs", "second", "third"])
        let clients = [old, world.rig.client("/logs"), world.rig.client("/new")]
        for client in clients { client.send("a log") }
        try world.rig.run()
        #expect(world.rig.snapshot.ledger.delivered == [1, 1, 1])
        #expect(world.rig.snapshot.ledger.received == [2, 1])
        #expect(world.rig.flusher.records(of: 1).count == 1 && world.rig.flusher.records(of: 2).count == 1)
    }

    @Test func connectionsOfARouteThatIsGoneHaveTheAgeOfTheTopLevel() throws {
        func aged(_ path: String, minutes: UInt64) -> LogRoute {
            var route = route(path)
            route.maxAge = minutes * 60 * second
            return route
        }
        let world = UpdateWorld([aged("/logs", minutes: 0), aged("/other", minutes: 0)])
        let old = world.rig.client("/logs")
        let stays = world.rig.client("/other")
        try world.rig.run()
        // The route that is left says something else than the top level.
        try world.update([aged("/other", minutes: 0)]) { $0.maxAge = 2 * 60 * second }
        for _ in 0..<10 {
            try world.rig.run(seconds: 14)
            for client in [old, stays] where !client.frames().contains("close:1001") { client.send(.pong, []) }
            try world.rig.run()
        }
        #expect(old.frames().last == "close:1001" && !stays.frames().contains("close:1001"))
    }

    @Test func rulesFollowTheirRoutes() throws {
        let guarded = AdmissionTable.Rule(
            policy: AdmissionPolicy(
                authenticator: try Authenticator(AuthConfiguration(tokens: [NamedToken(name: "a", token: "geheim")]))
            )
        )
        let world = UpdateWorld([route("/open"), route("/guarded")]) {
            $0.admission = AdmissionTable([[AdmissionTable.Rule(), guarded]])
        }
        try world.update([route("/guarded")]) { $0.admission = AdmissionTable([[guarded]]) }
        let stranger = world.rig.client("/guarded")
        let friend = world.rig.client("/guarded?token=geheim")
        try world.rig.run()
        #expect([stranger, friend].map(\.status) == [401, 101])
    }

    /// A connection's route is a version of it; the rules are by the routes of now.
    @Test func pingsAreBoundedByTheRulesOfTheRoutesOfNow() throws {
        var limits = ConnectionLimits()
        limits.overheadFramesPerSecond = 1
        let strict = AdmissionTable.Rule(limits: limits)
        let world = UpdateWorld([route("/logs"), route("/gone")]) {
            $0.admission = AdmissionTable([[AdmissionTable.Rule(), AdmissionTable.Rule()]])
        }
        let (old, gone) = (world.rig.client("/logs"), world.rig.client("/gone"))
        try world.rig.run()
        try world.update([route("/logs", maxLen: 7)]) { $0.admission = AdmissionTable([[strict]]) }
        let new = world.rig.client("/logs")
        try world.rig.run()
        for client in [old, gone, new] {
            for _ in 0..<3 { client.send(.ping, []) }
        }
        try world.rig.run()
        // Of a route that is gone there is no rule any more: nobody is held to another route's.
        #expect(world.rig.snapshot.slowed[Int(SlowReason.overheadFrames.rawValue)] == 2)
    }

    @Test func limitsOfARouteCountItsFormerVersionsToo() throws {
        var limits = ConnectionLimits()
        limits.connections = 2
        let table = AdmissionTable([[AdmissionTable.Rule(limits: limits)]])
        let world = UpdateWorld([route("/logs")]) { $0.admission = table }
        let first = world.rig.client("/logs")
        try world.rig.run()
        try world.update([route("/logs", maxLen: 7)]) { $0.admission = table }
        let clients = [first, world.rig.client("/logs"), world.rig.client("/logs")]
        try world.rig.run()
        #expect(clients.map(\.status).sorted() == [101, 101, 429])
        first.peer.close()
        try world.rig.run()
        let next = world.rig.client("/logs")
        try world.rig.run()
        #expect(next.status == 101)
    }

    @Test func deadLettersBeginWhileItRuns() throws {
        let world = UpdateWorld([route("/logs")])
        let old = world.rig.client("/logs")
        try world.rig.run()
        var changed = route("/logs")
        changed.deadLetters = DeadLetterPlan(topic: TopicIndex(rawValue: 1), contentBytes: 0)
        try world.update([changed, route("/new", topic: 2)], topics: ["logs", nil, "later"])
        let new = world.rig.client("/logs")
        let other = world.rig.client("/new")
        for client in [old, new] { client.send("{") }
        other.send("a log")
        try world.rig.run()
        let counts = world.rig.snapshot
        #expect(counts.ledger.dropped(.invalidJSON) == 2 && counts.deadLettersSent == 1)
        #expect(counts.ledger.delivered == [0, 1] && counts.ledger.isBalanced && counts.ledger.inFlight == 0)
    }

    @Test func aSessionOutlivesItsRoutesChange() throws {
        let world = UpdateWorld([route("/logs")])
        let first = world.rig.client("/logs?session=s", ["Sec-WebSocket-Protocol: sluice.v1"])
        first.send("one")
        try world.rig.run()
        try world.update([route("/logs", maxLen: 50)])
        first.send("two")
        try world.rig.run()
        first.peer.close()
        try world.rig.run()
        let second = world.rig.client("/logs?session=s&from=2", ["Sec-WebSocket-Protocol: sluice.v1"])
        second.send("two")
        second.send("three")
        try world.rig.run()
        #expect(world.rig.flusher.records().count == 3)
        #expect(world.rig.snapshot.resent == 1)
    }

    @Test func compressionIsForWhoComesNext() throws {
        let offer = ["Sec-WebSocket-Extensions: permessage-deflate"]
        let world = UpdateWorld([route("/logs")]) { $0.compression = DeflateSettings() }
        let old = world.rig.client("/logs", offer)
        try world.rig.run()
        try world.update([route("/logs")]) { $0.compression = nil }
        let new = world.rig.client("/logs", offer)
        old.sendCompressed("a log")
        new.send("another one")
        try world.rig.run()
        #expect(old.head().contains("permessage-deflate") && !new.head().contains("permessage-deflate"))
        #expect(world.rig.flusher.records().count == 2)
    }
}
