import Foundation
import LogPipeline
import Telemetry
import Testing

@testable import Gateway

@Suite struct StatusReportTests {
    private func report(_ change: (inout LoopSnapshot) -> Void = { _ in }) throws -> [String: Any] {
        var set = LoopSnapshot(ledger: LedgerSnapshot(routes: 2, topics: 2), routes: 2)
        set.connections = [3, 0]
        set.accepted = 5
        set.paused = 1
        change(&set)
        let topics = [
            TopicState(index: 0, name: "logs", health: .healthy),
            TopicState(
                index: 1,
                name: #"<b>"&"#,
                health: .unhealthy(reason: "stalled", detail: "it waits"),
                isCurrent: false
            ),
        ]
        let totals = RateHistory.Totals(set.ledger, at: 10 * second)
        var flusher = FlusherCounters()
        flusher.inFlightBytes = 10
        flusher.maxInFlightBytes = 1_000
        let report = StatusReport(
            version: "1.2.3",
            uptime: 90 * second + second / 2,
            readiness: Readiness(isDraining: false, topics: topics),
            routes: [
                LogRoute(path: "/logs", topic: TopicIndex(rawValue: 1)), LogRoute(path: #"/"<script>"#, topic: nil),
            ],
            topics: topics,
            set: set,
            rates: RateHistory(start: 0).rates(to: totals),
            flusher: flusher,
            reload: ReloadStatus(isSuccessful: false, succeededAt: 1_700_000_000.5)
        )
        let value = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
        return try #require(value as? [String: Any])
    }

    private func object(_ value: Any?) throws -> [String: Any] { try #require(value as? [String: Any]) }

    @Test func itTellsOfEverythingAtOneMoment() throws {
        let body = try report()
        #expect(body["version"] as? String == "1.2.3")
        #expect(body["uptime_seconds"] as? Double == 90.5)
        #expect(body["ready"] as? Bool == true)
        #expect(body["draining"] as? Bool == false)
        #expect(try object(body["connections"])["open"] as? Int == 3)
        #expect(try object(body["pressure"])["connections_paused"] as? Int == 1)
        #expect(try object(body["pressure"])["max_in_flight_bytes"] as? Int == 1_000)
        #expect(try Set(object(body["dropped"]).keys) == Set(DropReason.allCases.map(\.label)))
        #expect(try object(body["logs"])["received"] as? Int == 0)
        #expect(try object(body["rates"])["over_seconds"] as? Double == 10)
        #expect(try object(body["reload"])["successful"] as? Bool == false)
        #expect(try object(body["reload"])["succeeded_at_seconds"] as? Double == 1_700_000_000.5)
    }

    @Test func namesFromOutsideStayText() throws {
        let body = try report()
        let routes = try #require(body["routes"] as? [[String: Any]])
        #expect(routes.map { $0["path"] as? String } == ["/logs", #"/"<script>"#])
        #expect(routes.map { $0["topic"] as? String } == [#"<b>"&"#, nil])
        let topics = try #require(body["topics"] as? [[String: Any]])
        #expect(topics.map { $0["topic"] as? String } == ["logs", #"<b>"&"#])
        #expect(topics.map { $0["healthy"] as? Bool } == [true, false])
        #expect(topics.map { $0["current"] as? Bool } == [true, false])
        #expect(topics[1]["reason"] as? String == "stalled")
    }

    @Test func theSlowestTopicsAreThoseWithTheOldestLog() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = rig.client()
        try rig.run()
        client.send("waits")
        try rig.run()
        try rig.run(seconds: 3)
        let waiting = rig.snapshot
        #expect(waiting.ledger.topicInFlight == [1])
        #expect(waiting.ledger.topicOldest == [waiting.ledger.oldestInFlight])
        #expect(waiting.ledger.oldestInFlight >= 3 * second)
        #expect(waiting.ledger.batchSizes.total == 1)
        #expect(waiting.tickTimes.total > 0)
        rig.flusher.settleAll()
        try rig.run()
        #expect(rig.snapshot.ledger.topicInFlight == [0])
        #expect(rig.snapshot.ledger.topicOldest == [0])
        #expect(try report()["slowest_topics"] as? [String] == [])
    }
}
