import HTTPWire
package import LogPipeline
package import Reactor
package import Telemetry
import WebSocketWire

/// One event loop of the gateway: it asks the reactor for the next event and acts on it.
///
/// A struct on its thread's stack: nothing of it is shared, so nothing is locked, and no dynamic exclusivity check
/// stands on the way of a log (measured: a class here costs 11 ns a log).
package struct GatewayLoop<P: Poller & ~Copyable, T: Transport & ~Copyable>: ~Copyable
where P.Endpoint == T.Endpoint {
    var reactor: EventLoop<P, T>
    let inbox: Inbox<LoopMessage>
    /// Until the settings are read again. Its routes are all versions of all routes, and a version's index stays.
    var configuration: GatewayConfiguration
    /// By version.
    var policies: [RoutePolicy]
    /// By version: the index of its path among all paths, by which it is counted.
    var routeLabels: [Int]
    /// The versions that new requests find.
    var currentRoutes: [Int]
    /// By topic: by which index it is counted; -1 for one of dead letters.
    var topicLabels: [Int]
    var routes: RouteMap
    var upgrade: Upgrade
    /// Replaced as a whole by a reload.
    var admission: AdmissionTable
    let flusher: any Flusher
    let shared: SharedState
    let clock: WallClock
    let index: Int
    let loopCount: Int

    /// By slot.
    var connections: [Connection?] = []
    var writers: TopicWriters
    var ledger: Ledger
    var counters: GatewayCounters
    var partial: PartialBudget
    var deadLetters: DeadLetterOffice
    /// For the next message that is cut.
    var spareMessages: [PartialMessage] = []
    var pausedByTopic: [TopicPauses]
    var formerTopics = FormerTopics()
    /// Paused until messages that are not whole leave room: to begin one, or to grow one.
    var waitingToBegin = PausedRing()
    var waitingToGrow = PausedRing()
    /// By listener, whether its connections begin with a PROXY header.
    let proxied: [Bool]
    /// Paused until they have paid for what they sent.
    var slow = RateQueue()
    /// Who wants to know what becomes of the logs that are committed now.
    var receiving: ReceiptKey?
    /// The connection that is being read has numbered messages: `numbering` is its own.
    var isNumbering = false
    /// Otherwise nobody's. Not an optional: to put a value of this size in and out of one is to copy it.
    var numbering = Numbering()
    /// Numbered connections that have something to say at the end of the tick.
    var speaking: [ConnectionID] = []
    /// Numbered connections that were paused a moment ago.
    var watched = RateQueue()
    /// Sessions whose connection is gone and whose logs are not all settled, by `ConnectionID.owner`.
    var orphans: [UInt64: AckSession] = [:]
    /// What they say is put together here.
    var notice = NoticeText()
    /// The time of arrival of what this tick receives.
    var stamp: ArrivalStamp
    /// Replies are put together here.
    var scratch: [UInt8] = []
    /// Compressed replies.
    var deflated: [UInt8] = []
    var deflater: Deflater?
    /// What is inflated or cut into logs is unmasked here, and inflated there.
    let unmasked = ReadBuffer(capacity: readSize)
    let inflated = ReadBuffer(capacity: 64 * 1024)
    var allowance = InflateAllowance()
    /// What `streamed` leaves for the next tick.
    var unfinished: StreamPiece?
    /// The connection that is being read has to read first which of its messages were dropped.
    var isFullOfDrops = false
    /// Frames of this read that carry nothing.
    var overheadFrames = 0
    var spareInflaters: [Inflater] = []
    /// What the timer of gathering batches is set to.
    private var gathersUntil = UInt64.max
    var draining: Draining?
    var finish: (@Sendable (LoopSnapshot) -> Void)?
    let logger: Logger
    /// By `DropReason`.
    var dropGates = Array(repeating: RepeatGate(interval: 10 * second), count: DropReason.allCases.count)
    /// By `RefusalReason`.
    var refusalGates = Array(repeating: RepeatGate(interval: 10 * second), count: RefusalReason.allCases.count)
    var failureGate = RepeatGate(interval: 10 * second)
    var acceptGate = RepeatGate(interval: 60 * second)
    var acceptsPausedSeen = 0

    /// - Parameters:
    ///   - index: which loop this is; batches carry it, so that their settlements come back here.
    ///   - loops: how many there are, to share what is bounded for all.
    ///   - topics: how many topics the flusher knows, with those of dead letters; their indices count from 0.
    ///   - proxied: by listener, whether its connections begin with a PROXY header. Other loops may hand over connections
    ///     before this one listens itself.
    package init(
        reactor: consuming EventLoop<P, T>,
        index: Int,
        loops: Int,
        configuration: GatewayConfiguration,
        topics: Int,
        proxied: [Bool] = [],
        flusher: any Flusher,
        shared: SharedState,
        clock: WallClock,
        logger: Logger = .silent
    ) {
        let waker = reactor.waker
        let now = reactor.now
        self.reactor = reactor
        inbox = Inbox(waker: waker)
        shared.sessions.register(loop: index, inbox)
        self.configuration = configuration
        policies = configuration.routes.map(RoutePolicy.init)
        let all = Array(configuration.routes.indices)
        (routeLabels, currentRoutes) = (all, all)
        // Dead letters have the last of them.
        let logTopics = configuration.routes.compactMap { $0.deadLetters?.topic.rawValue }.min() ?? topics
        topicLabels = (0..<topics).map { $0 < logTopics ? $0 : -1 }
        routes = RouteMap(configuration.routes, all)
        upgrade = Upgrade(deflate: configuration.compression, acknowledges: configuration.acknowledges)
        admission = configuration.admission
        self.flusher = flusher
        self.shared = shared
        self.clock = clock
        self.index = index
        loopCount = loops
        self.proxied = proxied
        self.logger = logger
        writers = TopicWriters(count: topics, loop: index, configuration: configuration.writer)
        ledger = Ledger(routes: configuration.routes.count, topics: topics)
        counters = GatewayCounters(routes: configuration.routes.count)
        deflater = configuration.compression.map { Deflater(level: $0.level, memoryLevel: $0.memoryLevel) }
        deadLetters = DeadLetterOffice(
            configuration.routes,
            bytes: configuration.deadLetterBytes,
            loops: loops,
            now: now
        )
        partial = PartialBudget(bound: max(1, configuration.maxPartial / loops))
        pausedByTopic = Array(repeating: TopicPauses(), count: topics)
        stamp = ArrivalStamp(monotonic: now, unixMilliseconds: clock.unixMilliseconds())
    }

    /// Where the flusher posts this loop's settlements.
    package var sink: any SettlementSink {
        let inbox = inbox
        return LoopSink { inbox.post($0) }
    }

    /// How the gateway reaches this loop from other threads.
    package var handle: LoopHandle { LoopHandle(inbox: inbox) }

    /// Turns until the loop is stopped.
    package mutating func run() {
        var buffer = ReadBuffer(capacity: readSize)
        while step(&buffer) {}
    }

    /// Acts on one event.
    ///
    /// `@_specialize` for who turns the loop from another module, to count what it costs.
    /// - Returns: false when the loop has ended.
    @_specialize(where P == EpollPoller, T == Socket)
    package mutating func step(_ buffer: inout ReadBuffer) -> Bool {
        switch reactor.next() {
        case .readable(let id):
            readable(id, &buffer)
        case .accepted(let id, let listener):
            accepted(id, listener: listener)
        case .closed(let id, let cause):
            closed(id, cause)
        case .inbox:
            for message in inbox.take() { handle(message) }
        case .deadline(let id):
            deadline(id)
        case .timer(let timer):
            elapsed(timer)
        case .endOfTick:
            endOfTick()
        case .writable(let id):
            if let session = connection(id)?.state.guest?.acks {
                list(id, session)
                speak()
            }
        case .connected:
            break
        case .stopped:
            ended()
            return false
        }
        return true
    }

    private mutating func endOfTick() {
        var gathersUntil = UInt64.max
        let isEnding = draining != nil || shared.isDraining
        for topic in 0..<writers.count {
            guard writers[topic].wantsSeal else { continue }
            let partitions = flusher.partitions(of: TopicIndex(rawValue: topic))
            writers[topic].seal(partitions: partitions, now: reactor.now, gathering: !isEnding)
            gathersUntil = min(gathersUntil, writers[topic].gathersUntil)
            while let batch = writers[topic].nextSealed() {
                if isOfLogs(topic) { ledger.handedOver(batch) }
                noteFormer(batch.topic)
                flusher.flush(batch)
            }
        }
        if gathersUntil != self.gathersUntil {
            self.gathersUntil = gathersUntil
            reactor.setTimer(.gathering, at: gathersUntil)
        }
        lookAtFormer()
        resumePaused()
        speak()
        sayAcceptsPaused()
        if draining != nil { endDraining() }
    }

    /// The stamp of this tick, rendered again when the clock has moved.
    mutating func refreshStamp() {
        guard stamp.monotonic != reactor.now else { return }
        stamp.move(monotonic: reactor.now, unixMilliseconds: clock.unixMilliseconds())
    }

    private mutating func ended() {
        finish?(snapshot())
        finish = nil
    }
}

/// What a log's way asks of its route, without the route's texts.
struct RoutePolicy {
    let maxLen: Int
    let codec: Codec
    let isRaw: Bool
    /// -1 for none.
    let topic: Int
    var echoes: Bool
    var pingInterval: UInt64
    var maxAge: UInt64
    var split: Split {
        didSet { isSplit = Self.isSplit(split, topic) }
    }
    /// Whether a message is several logs.
    private(set) var isSplit: Bool {
        didSet { isApart = isSplit || isNumbered }
    }
    /// Whether messages are numbered.
    var isNumbered = false {
        didSet { isApart = isSplit || isNumbered }
    }
    /// Whether a message is more than one plain log.
    private(set) var isApart: Bool
    let maxMessage: Int
    /// How many bytes of a log that is passed over are to be told; -1: nothing is told of it.
    let wantedOfRefused: Int

    init(_ route: LogRoute) {
        maxLen = route.maxLen
        codec = route.codec
        isRaw = route.codec == .raw
        topic = route.topic?.rawValue ?? -1
        echoes = route.reply == .echo
        pingInterval = route.pingInterval
        maxAge = route.maxAge
        split = route.split
        isSplit = Self.isSplit(route.split, topic)
        isApart = isSplit
        maxMessage = route.maxMessage
        wantedOfRefused = route.topic == nil ? -1 : route.deadLetters?.contentBytes ?? -1
    }

    // Who only replies has no logs to make of a message.
    private static func isSplit(_ split: Split, _ topic: Int) -> Bool { split != .none && topic >= 0 }
}

/// Plain integers of one loop.
struct GatewayCounters {
    /// Connections in the table, before and after their upgrade.
    var open = 0
    /// Upgraded ones, by route.
    var connections: [Int]
    /// Those with a POST under way, by route.
    var posting: [Int]
    var accepted: UInt64 = 0
    var refused = [UInt64](repeating: 0, count: RefusalReason.allCases.count)
    var paused = 0
    var slowed = [UInt64](repeating: 0, count: SlowReason.allCases.count)
    var posts = [UInt64](repeating: 0, count: PostStatus.allCases.count)
    var echoesSkipped: UInt64 = 0
    var acksSent: UInt64 = 0
    var resent: UInt64 = 0
    var keepAliveMessages: UInt64 = 0
    /// Connections whose inflater has all of its memory.
    var inflaters = 0

    init(routes: Int) {
        connections = Array(repeating: 0, count: routes)
        posting = connections
    }

    mutating func grow(routes: Int) {
        while connections.count < routes { connections.append(0) }
        while posting.count < routes { posting.append(0) }
    }
}
