import LogPipeline
import Reactor
import Testing

@testable import Gateway

/// A loop and the books that its gateway would keep.
final class UpdateWorld {
    let rig: GatewayRig
    private var routes: RouteBook
    private var topics = TopicBook()

    /// - Parameter topics: those of logs that there are.
    init(_ routes: [LogRoute], topics: [String] = ["logs"], _ adjust: (inout GatewayConfiguration) -> Void = { _ in }) {
        self.routes = RouteBook(routes)
        rig = GatewayRig(flusher: RecordingFlusher(topics: topics), routes: routes, topics: topics.count, adjust)
    }

    /// - Parameter names: by topic; nil for one of dead letters.
    func update(
        _ routes: [LogRoute],
        topics names: [String?] = ["logs"],
        _ adjust: (inout GatewayConfiguration) -> Void = { _ in }
    ) throws {
        try self.routes.adopt(routes)
        for (index, name) in names.enumerated() { _ = rig.flusher.topic(named: name ?? "dead \(index)") }
        let numbered = names.enumerated().map { (TopicIndex(rawValue: $0), $1) }
        try topics.adopt(
            logs: numbered.compactMap { topic, name in name.map { (topic, $0) } },
            letters: numbered.filter { $0.1 == nil }.map { ($0.0, "dead") }
        )
        var configuration = GatewayConfiguration(routes: self.routes.versions)
        adjust(&configuration)
        let update = LoopUpdate(
            configuration: configuration,
            routes: self.routes,
            topicLabels: topics.labels,
            securities: []
        )
        let done = Flag()
        rig.inbox.post(.update(update) { done.set() })
        try rig.run()
        #expect(done.isSet)
    }
}
