import LogPipeline
import Simulation
import Telemetry
import Testing

@testable import Gateway

/// Topics that no route writes to any more.
@Suite struct FormerTopicTests {
    private func topic(_ index: Int) -> TopicIndex { TopicIndex(rawValue: index) }

    private func route(_ path: String, topic index: Int, letters: Int? = nil) -> LogRoute {
        var route = LogRoute(path: path, topic: topic(index))
        route.deadLetters = letters.map { DeadLetterPlan(topic: topic($0), contentBytes: 0) }
        return route
    }

    // MARK: As values

    @Test func thoseWithConnectionsOrLogsAreBusyUntilBothAreGone() {
        var connections = [1, 0, 0]
        var inFlight: Set<TopicIndex> = [topic(1)]
        func isBusy(_ topic: TopicIndex, _ versions: [Int]) -> Bool {
            inFlight.contains(topic) || versions.contains { connections[$0] > 0 }
        }
        var former = FormerTopics()
        former.begin(
            [route("/a", topic: 0, letters: 3), route("/b", topic: 1), route("/c", topic: 2)],
            [2],
            isBusy: isBusy
        )
        #expect(former.busy == [topic(0), topic(1), topic(3)])
        connections[0] = 0
        // Nobody has ended.
        #expect(!former.look(isBusy: isBusy) && former.busy.count == 3)
        former.noteEnd()
        #expect(former.look(isBusy: isBusy) && former.busy == [topic(1)])
        inFlight = []
        former.noteEnd()
        #expect(former.look(isBusy: isBusy) && former.busy.isEmpty)
        // A body that was on its way when the routes changed.
        #expect(former.noteBatch(of: topic(0)) && former.busy == [topic(0)])
        #expect(!former.noteBatch(of: topic(0)) && !former.noteBatch(of: topic(2)))
        former.begin([route("/a", topic: 0)], [0]) { _, _ in true }
        #expect(former.busy.isEmpty && !former.noteBatch(of: topic(0)))
    }

    @Test func theFlusherHearsOfEveryChangeAndOfNothingElse() {
        let flusher = RecordingFlusher()
        let use = TopicUse()
        use.begin([topic(0), topic(1)], flusher)
        use.begin([topic(1), topic(2)], flusher)
        #expect(flusher.used == [[0, 1], [0, 1, 2]] && use.isUsed(topic(0)))
        use.set([topic(0)], ofLoop: 0, flusher)
        use.set([topic(0)], ofLoop: 1, flusher)
        use.changedOver(flusher)
        use.set([], ofLoop: 0, flusher)
        #expect(flusher.used.count == 2 && use.isUsed(topic(0)))
        use.set([], ofLoop: 1, flusher)
        #expect(flusher.used.last == [1, 2] && !use.isUsed(topic(0)) && use.isUsed(topic(2)))
    }

    @Test func topicsOfRoutesThatAreOnTheirWayStayInUse() {
        let flusher = RecordingFlusher()
        let use = TopicUse()
        use.begin([topic(0)], flusher)
        use.begin([topic(1)], flusher)
        use.set([topic(0)], ofLoop: 0, flusher)
        use.changedOver(flusher)
        use.expect([topic(1), topic(2)], flusher)
        #expect(flusher.used.last == [0, 1, 2] && !use.isUsed(topic(2)))
        // What else changes meanwhile does not take them back.
        use.set([], ofLoop: 0, flusher)
        #expect(flusher.used.last == [1, 2])
        use.begin([topic(2)], flusher)
        use.changedOver(flusher)
        #expect(flusher.used.last == [2] && use.isUsed(topic(2)))
    }

    // MARK: In a loop

    private func world() throws -> UpdateWorld {
        let world = UpdateWorld([route("/a", topic: 0), route("/b", topic: 1)], topics: ["a", "b"])
        world.rig.flusher.holdSettlements()
        return world
    }

    private func isUsed(_ index: Int, _ world: UpdateWorld) -> Bool { world.rig.shared.use.isUsed(topic(index)) }

    @Test func aTopicStaysInUseForAsLongAsItsConnections() throws {
        let world = try world()
        let old = world.rig.client("/a")
        try world.rig.run()
        try world.update([route("/b", topic: 1)], topics: ["a", "b"])
        #expect(isUsed(0, world))
        old.peer.close()
        try world.rig.run()
        #expect(!isUsed(0, world) && world.rig.flusher.used.last == [])
    }

    @Test func aTopicStaysInUseUntilItsLogsAreSettled() throws {
        let world = try world()
        let old = world.rig.client("/a")
        old.send("waits")
        try world.rig.run()
        old.peer.close()
        try world.rig.run()
        try world.update([route("/b", topic: 1)], topics: ["a", "b"])
        #expect(isUsed(0, world) && world.rig.snapshot.connections == [0, 0])
        world.rig.flusher.settleAll()
        try world.rig.run()
        #expect(!isUsed(0, world) && world.rig.snapshot.ledger.inFlight == 0)
    }

    @Test func aBodyThatWasOnItsWayIsSeen() throws {
        let world = try world()
        let client = world.rig.client(upgrade: false)
        client.peer.write("POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nx")
        try world.rig.run()
        try world.update([route("/b", topic: 1)], topics: ["a", "b"])
        #expect(isUsed(0, world))
        client.peer.write("y")
        try world.rig.run()
        #expect(isUsed(0, world) && world.rig.snapshot.ledger.topicInFlight == [1, 0])
        world.rig.flusher.settleAll()
        try world.rig.run()
        #expect(!isUsed(0, world))
        #expect(String(decoding: client.peer.read(), as: UTF8.self).hasPrefix("HTTP/1.1 204 "))
    }

    @Test(arguments: [true, false]) func aBodyThatNeverEndsIsOver(isCut: Bool) throws {
        let world = try world()
        let client = world.rig.client(upgrade: false)
        client.peer.write("POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nx")
        try world.rig.run()
        try world.update([route("/b", topic: 1)], topics: ["a", "b"])
        #expect(isUsed(0, world))
        if isCut { client.peer.close() } else { try world.rig.run(seconds: 60) }
        try world.rig.run()
        #expect(!isUsed(0, world))
    }

    // MARK: On the admin pages

    private func context(_ world: UpdateWorld, _ routes: [LogRoute]) throws -> AdminContext {
        let plan = Gateway.Plan(
            configuration: GatewayConfiguration(routes: routes),
            listeners: [],
            admin: nil,
            loops: 1,
            topics: ["a", "b"],
            flusher: world.rig.flusher
        )
        let books = try Gateway.Books(plan)
        world.rig.shared.names.replace(books.routes, books.topics)
        world.rig.shared.use.begin(books.routes.topics, world.rig.flusher)
        return AdminContext(loops: [], shared: world.rig.shared, plan: plan)
    }

    @Test func whoOnlyFormerConnectionsWriteToIsStillShown() throws {
        let world = try world()
        let both = [route("/a", topic: 0), route("/b", topic: 1)]
        let context = try context(world, both)
        #expect(context.topics().map(\.name) == ["a", "b"])
        let old = world.rig.client("/a")
        try world.rig.run()
        var books = (routes: RouteBook(both), topics: TopicBook())
        try books.topics.adopt(logs: [(topic(0), "a"), (topic(1), "b")], letters: [])
        try books.routes.adopt([both[1]])
        world.rig.shared.names.replace(books.routes, books.topics)
        world.rig.shared.use.begin(books.routes.topics, world.rig.flusher)
        try world.update([both[1]], topics: ["a", "b"])
        world.rig.shared.use.changedOver(world.rig.flusher)
        #expect(context.topics().map(\.name) == ["a", "b"] && context.topics().map(\.isCurrent) == [false, true])
        let families = context.metrics.families(
            world.rig.snapshot,
            FlusherCounters(),
            sessions: 0,
            states: context.topics(),
            reload: nil
        )
        #expect(MetricsFormat.prometheus.text(families).contains("sluice_topic_healthy{topic=\"a\"} 1\n"))
        old.peer.close()
        try world.rig.run()
        #expect(context.topics().map(\.name) == ["b"])
        // What came with the reload is one of several, wherever it is asked for.
        #expect(context.readiness(context.topics()).isReady)
        let starting = TopicState(index: 2, name: "c", health: .unhealthy(reason: "starting", detail: "no answer yet"))
        #expect(context.readiness(context.topics() + [starting]).isReady)
    }

    private let stuck = TopicHealth.unhealthy(reason: "no_leader", detail: "none leads")

    @Test func aFormerTopicHasReasonsAndNoSay() {
        func state(_ name: String, _ health: TopicHealth, isCurrent: Bool) -> TopicState {
            TopicState(index: 0, name: name, health: health, isCurrent: isCurrent)
        }
        let starting = TopicHealth.unhealthy(reason: "starting", detail: "no answer yet")
        let fine = Readiness(
            isDraining: false,
            topics: [state("old", stuck, isCurrent: false), state("new", .healthy, isCurrent: true)]
        )
        #expect(fine.isReady && fine.json.contains(#""topic":"old","reason":"no_leader""#))
        let bad = Readiness(
            isDraining: false,
            topics: [state("old", .healthy, isCurrent: false), state("new", stuck, isCurrent: true)]
        )
        #expect(!bad.isReady)
        // Whoever was starting when its route went keeps nobody waiting.
        #expect(Readiness(isDraining: false, topics: [state("old", starting, isCurrent: false)]).isReady)
    }
}
