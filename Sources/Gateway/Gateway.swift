package import LogPipeline
package import Reactor
import Synchronization
package import Telemetry

/// The gateway as a whole: its loops, its listeners, its admin pages; started, drained and stopped.
package final class Gateway: Sendable {
    /// What `Gateway.start` needs.
    package struct Plan: Sendable {
        package var configuration: GatewayConfiguration
        package var listeners: [GatewayListener]
        /// Nil for no admin pages.
        package var admin: ListenSource?
        package var loops: Int
        /// By topic index.
        package var topics: [String]
        /// Topics of dead letters; their indices follow those of `topics`.
        package var deadLetterTopics: [String] = []
        package var flusher: any Flusher
        package var flusherCounters: @Sendable () -> FlusherCounters = { FlusherCounters() }
        /// Families that `/metrics` ends with: of the destination's own side. Asked at every scrape, so it must not wait.
        package var moreMetrics: @Sendable () -> [MetricFamily] = { [] }
        /// Metrics that are written already, in the format asked for. Asked at every scrape, so it must not wait.
        package var writtenMetrics: @Sendable (MetricsFormat) -> String = { _ in "" }
        /// Reads the settings again, or says what that would change; answers with an HTTP status and what came of it.
        /// Nil: that cannot be had.
        package var reload: (@Sendable (_ isTrial: Bool) async -> (status: Int, text: String))?
        /// How the last reading of the settings went; nil: nobody says.
        package var reloadStatus: (@Sendable () -> ReloadStatus)?
        package var buildInfo: KeyValuePairs<String, String> = [:]
        package var logger: Logger = .silent

        package init(
            configuration: GatewayConfiguration,
            listeners: [GatewayListener],
            admin: ListenSource?,
            loops: Int,
            topics: [String],
            flusher: any Flusher
        ) {
            self.configuration = configuration
            self.listeners = listeners
            self.admin = admin
            self.loops = loops
            self.topics = topics
            self.flusher = flusher
        }
    }

    /// Where it listens, with the real ports.
    package let addresses: [ListenAddress]
    package let adminAddress: ListenAddress?
    let loops: [LoopHandle]
    let threads: [ThreadBox]
    let admin: Inbox<AdminLoop.Message>?
    let shared: SharedState
    let flusher: any Flusher
    let books: Mutex<Books>

    /// Binds, then starts the loops, the flusher and the admin pages, and begins to accept.
    ///
    /// Who connects meanwhile waits in the kernel's queue, for up to a second until the topics are known: an agent
    /// that is refused stays away for ten.
    ///
    /// - Throws: `ListeningError`, `FlusherError`, `Errno`.
    package static func start(_ plan: Plan) async throws -> Gateway {
        var plan = plan
        plan.configuration.fit(descriptors: DescriptorLimit.raise())
        return try await start(fitted: plan)
    }

    private static func start(fitted plan: Plan) async throws -> Gateway {
        let shared = SharedState(
            sessionTimeout: plan.configuration.sessionTimeout,
            maxSessions: plan.configuration.maxSessions
        )
        var inherited = InheritedListener.all()
        let books = try Books(plan)
        shared.names.replace(books.routes, books.topics)
        shared.use.begin(books.routes.topics, plan.flusher)
        let sources = plan.listeners.map(\.source)
        let listeners = try BoundListeners(sources, loops: plan.loops, from: &inherited, setting: "listeners")
        let adminListener = try plan.admin.map { admin in
            try BoundListeners([admin], loops: 1, from: &inherited, setting: "admin")
        }
        var loops: [LoopHandle] = []
        var threads: [ThreadBox] = []
        let group = SocketLoopGroup(loops: plan.loops)
        for index in 0..<plan.loops {
            let started = Handover<Result<LoopHandle, Errno>>()
            threads.append(
                try ThreadBox(name: "loop-\(index)") {
                    runLoop(index: index, plan: plan, group: group, shared, started)
                }
            )
            loops.append(try started.wait().get())
        }
        try plan.flusher.start(sinks: loops.map(\.sink))
        var admin: Inbox<AdminLoop.Message>?
        if let adminListener {
            let context = AdminContext(loops: loops, shared: shared, plan: plan, address: adminListener.addresses.first)
            let started = Handover<Result<Inbox<AdminLoop.Message>, Errno>>()
            threads.append(
                try ThreadBox(name: "admin") { runAdmin(listeners: adminListener, context: context, started) }
            )
            admin = try started.wait().get()
        }
        await firstAnswer(plan)
        for loop in loops { loop.listen(on: listeners, as: plan.listeners) }
        return Gateway(
            addresses: listeners.addresses,
            adminAddress: adminListener?.addresses.first,
            loops: loops,
            threads: threads,
            admin: admin,
            shared: shared,
            flusher: plan.flusher,
            books: books
        )
    }

    /// Waits until every topic can be delivered to, or for a second.
    private static func firstAnswer(_ plan: Plan) async {
        let topics = (0..<plan.topics.count).map { TopicIndex(rawValue: $0) }
        for _ in 0..<100 where topics.contains(where: { plan.flusher.health(of: $0) != .healthy }) {
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private init(
        addresses: [ListenAddress],
        adminAddress: ListenAddress?,
        loops: [LoopHandle],
        threads: [ThreadBox],
        admin: Inbox<AdminLoop.Message>?,
        shared: SharedState,
        flusher: any Flusher,
        books: Books
    ) {
        self.addresses = addresses
        self.adminAddress = adminAddress
        self.loops = loops
        self.threads = threads
        self.admin = admin
        self.shared = shared
        self.flusher = flusher
        self.books = Mutex(books)
    }

    /// From now on this listener's handshakes use another context; who is connected keeps theirs.
    ///
    /// - Precondition: the listener was given a context in the plan.
    package func replaceSecurity(listener: Int, with context: TLSContext) {
        for loop in loops { loop.replaceSecurity(listener: listener, with: context) }
    }

    /// From now on whoever comes is judged by another table; who is in stays in, also with a token that the new
    /// table does not know.
    package func replaceAdmission(_ table: AdmissionTable) {
        for loop in loops { loop.replaceAdmission(table) }
    }

    /// Comes back when every event loop has turned once more: never, where one of them does not.
    package func turn() async {
        for loop in loops { _ = await loop.snapshot() }
    }
}
