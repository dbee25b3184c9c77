package import LogPipeline
package import Reactor
import Synchronization

extension Gateway {
    /// What changes while it runs.
    package struct Update: Sendable {
        /// With the routes that there are from now on; of what only the start looks at, anything.
        package var configuration: GatewayConfiguration
        /// Topics that routes write to, as the flusher knows them.
        package var topics: [(TopicIndex, String)]
        package var deadLetterTopics: [(TopicIndex, String)]
        /// By listener; nil leaves it as it is.
        package var securities: [TLSContext?]

        package init(
            configuration: GatewayConfiguration,
            topics: [(TopicIndex, String)],
            deadLetterTopics: [(TopicIndex, String)] = [],
            securities: [TLSContext?] = []
        ) {
            self.configuration = configuration
            self.topics = topics
            self.deadLetterTopics = deadLetterTopics
            self.securities = securities
        }
    }

    /// Why an update cannot be had without a restart. Then nothing has changed.
    package enum UpdateError: Error, Equatable, CustomStringConvertible {
        /// There have been too many forms of routes.
        case tooManyRoutes
        /// A topic of logs is to be one of dead letters, or the other way round.
        case topicChangesUse(String, isOfLogs: Bool)
        case draining

        package var description: String {
            switch self {
            case .tooManyRoutes: "routes have changed more than \(RouteBook.most) times; restart Sluice"
            case .topicChangesUse(let topic, true):
                "topic \"\(topic)\" has had logs since the start and cannot have dead letters before a restart"
            case .topicChangesUse(let topic, false):
                "topic \"\(topic)\" has had dead letters since the start and cannot have logs before a restart"
            case .draining: "Sluice is shutting down"
            }
        }
    }

    /// Everything that counters and connections are known by.
    struct Books: Sendable {
        var routes: RouteBook
        var topics: TopicBook

        /// As it begins.
        init(_ plan: Plan) throws(TopicBook.Conflict) {
            routes = RouteBook(plan.configuration.routes)
            topics = TopicBook()
            let numbered = (plan.topics + plan.deadLetterTopics).enumerated().map { (TopicIndex(rawValue: $0), $1) }
            try topics.adopt(
                logs: Array(numbered.prefix(plan.topics.count)),
                letters: Array(numbered.dropFirst(plan.topics.count))
            )
        }
    }

    /// Whether `update` would take it; changes nothing. Topics may have the indices that they would be given.
    package func check(_ update: Update) throws(UpdateError) { _ = try adopt(update) }

    private func adopt(_ update: Update) throws(UpdateError) -> Books {
        guard !shared.isDraining else { throw .draining }
        var books = self.books.withLock { $0 }
        do throws(RouteBook.Full) {
            try books.routes.adopt(update.configuration.routes)
        } catch {
            throw .tooManyRoutes
        }
        do throws(TopicBook.Conflict) {
            try books.topics.adopt(logs: update.topics, letters: update.deadLetterTopics)
        } catch {
            throw .topicChangesUse(error.topic, isOfLogs: error.isOfLogs)
        }
        return books
    }

    /// This update is about to come: its topics are asked about, as if they were written to.
    package func expect(_ update: Update) {
        shared.use.expect(Set((update.topics + update.deadLetterTopics).map(\.0)), flusher)
    }

    /// From now on whoever comes meets other routes, limits and certificates. Who is connected keeps the route by which
    /// they came in, and nobody is closed.
    ///
    /// Comes back when every loop has changed over.
    package func update(_ update: Update) async throws(UpdateError) {
        let books = try adopt(update)
        var configuration = update.configuration
        configuration.routes = books.routes.versions
        configuration.fit(descriptors: DescriptorLimit.raise())
        self.books.withLock { $0 = books }
        shared.names.replace(books.routes, books.topics)
        shared.use.begin(books.routes.topics, flusher)
        let message = LoopUpdate(
            configuration: configuration,
            routes: books.routes,
            topicLabels: books.topics.labels,
            securities: update.securities
        )
        await withTaskGroup(of: Void.self) { group in
            for loop in loops { group.addTask { await loop.update(message) } }
        }
        shared.use.changedOver(flusher)
    }
}
