internal import Crypto
internal import Reactor
internal import WebSocketWire

/// Runs a load: opens the connections, sends what is due, closes them, and waits for the verifier if there is one.
///
/// One thread, one loop. With a rate the loop's output is coalesced per tick, and a connection whose output stands
/// above 64 KiB gets nothing more until the server has read; what is due meanwhile waits as a number, not as bytes.
/// Without a rate each connection has one batch under way, and the next is made when the kernel has taken it.
struct Generator: ~Copyable {
    static let pumpTimer = LoopTimer(rawValue: 0)
    static let tickTimer = LoopTimer(rawValue: 1)
    /// How often progress is looked at, in nanoseconds.
    static let tickLength: UInt64 = 200_000_000
    /// Connections that are being opened at a time.
    static let openingLimit = 200
    /// What a server has for ending TCP after the Close frames, in nanoseconds.
    static let farewell: UInt64 = 2_000_000_000

    enum Stage {
        case preparing
        case opening
        case sending
        case verifying
        case done
    }

    let arguments: Arguments
    let plan: LoadPlan
    let addresses: [SocketAddress]
    var loop: SocketLoop
    let buffer = ReadBuffer()
    var template: LogTemplate
    var frames: MessageFrames
    var masks: MaskSource
    var clock = WallClock()
    var verifier: Verifier?
    let news: Inbox<VerifierNews>
    var progress: Progress

    var stage = Stage.preparing
    var connections: [ClientConnection]
    /// Which connection has a slot of the loop.
    var bySlot: [Int] = []
    /// Connections that take the next batch.
    var ready: [Int] = []
    /// The first write that is not due yet.
    var nextWrite = 0
    /// Messages that have become due, where there is a rate.
    var released = 0
    var begun = 0
    var opening = 0
    var ended = 0
    /// Loop time at which sending began, and the last log went out, and the last connection ended.
    var started: UInt64 = 0
    var finished: UInt64 = 0
    /// Loop time of the last thing that went on.
    var lastStep: UInt64 = 0
    var sent = 0
    var worstLag: UInt64 = 0
    var verifierFault: TopicReaderError?
    var findings: VerifyFindings?

    /// - Parameters:
    ///   - addresses: all of the host's; the first that answers is taken.
    ///   - run: the 8 digits that tell this run's logs from others.
    /// - Throws: what the system did not grant.
    init(_ arguments: Arguments, addresses: [SocketAddress], run: [UInt8]) throws {
        let plan = LoadPlan(arguments)
        let loop = try SocketLoop(limits: Self.limits(arguments))
        let news = Inbox<VerifierNews>(waker: loop.waker)
        let masks = try MaskSource()
        let frames = MessageFrames(
            size: arguments.size,
            fragment: arguments.fragment,
            batch: arguments.batch,
            masks: try MaskSource()
        )
        let verifier = try VerifierTask(arguments, run: run).map { task in try Verifier.start(task, news: news) }
        self.arguments = arguments
        self.addresses = addresses
        self.plan = plan
        progress = Progress(run: String(decoding: run, as: UTF8.self), begin: loop.now)
        self.loop = loop
        self.news = news
        template = LogTemplate(run: run, size: arguments.size)
        self.masks = masks
        self.frames = frames
        self.verifier = verifier
        connections = (0..<plan.connections).map { _ in ClientConnection() }
        for index in connections.indices { connections[index].quota = plan.quota(of: index) }
    }

    private static func limits(_ arguments: Arguments) -> LoopLimits {
        var limits = LoopLimits()
        if arguments.rate == 0 {
            limits.highMark = 0
            limits.lowMark = 0
        }
        return limits
    }

    /// Digits that no other run has, as far as chance allows.
    static func makeRun() throws -> [UInt8] {
        try SecureRandom.bytes(4).flatMap { byte in
            [byte >> 4, byte & 15].map { $0 < 10 ? UInt8(ascii: "0") + $0 : UInt8(ascii: "a") + $0 - 10 }
        }
    }

    /// The whole run.
    mutating func run() -> Report {
        if verifier == nil { beginOpening() }
        loop.setTimer(Self.tickTimer, at: loop.now)
        while stage != .done { handle(loop.next()) }
        if let verifier = verifier.take() { verifier.join() }
        return report()
    }

    private mutating func handle(_ event: LoopEvent) {
        switch event {
        case .connected(let id): connected(id)
        case .readable(let id): read(id)
        case .writable(let id):
            lastStep = loop.now
            markReady(bySlot[id.index])
        case .closed(let id, let cause): closed(bySlot[id.index], cause)
        case .deadline(let id): loop.close(id)
        case .inbox: takeNews()
        case .timer(Self.pumpTimer): pump()
        case .timer: tick()
        case .accepted, .endOfTick, .stopped: break
        }
    }

    private mutating func takeNews() {
        for message in news.take() {
            switch message {
            case .following(let partitions):
                progress.partitions = partitions
                if stage == .preparing { beginOpening() }
            case .failed(let error):
                verifierFault = error
                stage = .done
            case .accountedFor(let count): progress.stored = count
            case .concluded(let findings):
                self.findings = findings
                stage = .done
            }
        }
    }

    private mutating func tick() {
        loop.setTimer(Self.tickTimer, at: loop.now + Self.tickLength)
        if Interruption.isAsked { interrupt() }
        if nextWrite < plan.writes, plan.rate > 0, sent == released { lastStep = loop.now }
        if stage == .opening || stage == .sending, loop.now - lastStep > arguments.stall { giveUp(.stalled) }
        if stage == .sending, let duration = arguments.duration, plan.rate == 0,
            loop.now - started >= duration
        {
            cutShort()
        }
        progress.sent = sent
        progress.open = begun - ended
        progress.show(stage, now: loop.now, started: started)
    }

    private mutating func interrupt() {
        switch stage {
        case .opening: giveUp(.interrupted)
        case .sending: cutShort()
        case .preparing, .verifying, .done: break
        }
    }

    private mutating func giveUp(_ reason: ConnectionFailure) {
        for index in connections.indices where connections[index].phase != .ended {
            if let id = connections[index].id {
                connections[index].fail(reason)
                loop.abort(id)
            } else if connections[index].failure == nil {
                refuse(index, .notStarted)
            }
        }
        begun = connections.count
        endIfOver()
    }

    /// The time is up: what was sent is all there is.
    private mutating func cutShort() {
        nextWrite = plan.writes
        for index in connections.indices where connections[index].phase == .open {
            connections[index].quota = connections[index].sent
            markReady(index)
        }
    }

    mutating func endIfOver() {
        guard ended == connections.count, stage == .opening || stage == .sending else { return }
        finished = loop.now
        stage = verifier == nil ? .done : .verifying
        verifier?.conclude(sent: connections.map(\.sent))
    }
}
