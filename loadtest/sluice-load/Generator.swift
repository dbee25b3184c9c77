internal import Reactor
internal import WebSocketWire

/// One loop's share of a run: opens the connections, sends what is due, closes them.
///
/// With a rate the loop's output is coalesced per tick, and a connection whose output stands above 64 KiB gets nothing
/// more until the server has read; what is due meanwhile waits as a number, not as bytes. Without a rate each connection
/// has one batch under way, and the next is made when the kernel has taken it, or when an answer makes room in its
/// window.
struct Generator: ~Copyable {
    static let pumpTimer = LoopTimer(rawValue: 0)
    static let tickTimer = LoopTimer(rawValue: 1)
    static let openTimer = LoopTimer(rawValue: 2)
    static let pingTimer = LoopTimer(rawValue: 3)
    /// How often progress is looked at, in nanoseconds.
    static let tickLength: UInt64 = 100_000_000
    /// What is due within so many nanoseconds of each other may go out together: else a high rate costs a wake-up a log.
    static let dueStep: UInt64 = 50_000
    /// Connections that are being opened at a time, over all loops. With TLS, whose handshakes cost a server a signature
    /// each, a server that serves the newest first would let the oldest of many time out.
    static let openingLimit = 200
    static let secureOpeningLimit = 32
    /// What a server has for ending TCP after the Close frames, in nanoseconds.
    static let farewell: UInt64 = 2_000_000_000
    /// What a server has for the next answer when all is sent, in nanoseconds: echoes may be left out, acks not.
    static let echoTime: UInt64 = 3_000_000_000
    static let ackTime: UInt64 = 30_000_000_000

    enum Stage {
        case preparing
        case opening
        /// Everything stands; the others are waited for.
        case opened
        case sending
        case done
    }

    let setup: RunSetup
    let arguments: Arguments
    let share: LoopShare
    let profile: Profile
    let replyReader: ReplyReader?
    let orders: Inbox<GeneratorOrder>
    let news: Inbox<GeneratorNews>
    let window: Int
    var schedule: Schedule
    var loop: SocketLoop
    let buffer = ReadBuffer()
    var frames: MessageFrames
    var masks: MaskSource
    var clock = WallClock()

    var stage = Stage.preparing
    var connections: [ClientConnection]
    /// Which connection has a slot of the loop.
    var bySlot: [Int] = []
    /// Connections that take the next batch.
    var ready: [Int] = []
    /// Connections that come back, and when; the earliest first.
    var returning: [(index: Int, at: UInt64)] = []
    /// The first write of the run that is not due yet.
    var nextWrite = 0
    /// Logs of this loop that have become due, where there is a rate.
    var released = 0
    var begun = 0
    var opening = 0
    var ended = 0
    /// Loop time at which sending began.
    var started: UInt64 = 0
    /// Loop time of the last thing that went on.
    var lastStep: UInt64 = 0
    /// Whether no connection is made anew.
    var isEnding = false
    var progress = GeneratorProgress()
    var outcome = Outcome()

    // Nothing of `self` is read here before all of it is there: Swift 6.3 then destroys what it has not yet made.
    private init(
        _ setup: RunSetup,
        _ share: LoopShare,
        news: Inbox<GeneratorNews>,
        masks: MaskSource,
        on loop: consuming SocketLoop
    ) {
        let arguments = setup.arguments
        let listening = arguments.profile.listening
        let connectionCount = share.connections(of: setup.plan.connections)
        var connections = (0..<connectionCount).map { _ in ClientConnection() }
        for index in connections.indices { connections[index].quota = setup.plan.quota(of: share.global(index)) }
        self.setup = setup
        self.arguments = arguments
        self.share = share
        self.news = news
        profile = arguments.profile
        replyReader =
            switch listening {
            case .echoes, .acks: ReplyReader(listening: listening, run: setup.run)
            case .counting, .deaf: nil
            }
        window = arguments.window ?? .max
        schedule = setup.schedule
        orders = Inbox(waker: loop.waker)
        self.masks = masks
        frames = MessageFrames(
            MessageForm(arguments),
            sizes: setup.sizes,
            run: setup.run,
            masks: MaskSource(seed: Mixing.mix(loop.now, UInt64(share.index)))
        )
        self.connections = connections
        self.loop = loop
    }

    private static func limits(_ arguments: Arguments) -> LoopLimits {
        var limits = LoopLimits()
        limits.hasPreciseTimers = true
        if arguments.rate == 0 {
            limits.highMark = 0
            limits.lowMark = 0
        }
        return limits
    }

    /// A thread that does a share, and says so.
    static func start(
        _ setup: RunSetup,
        _ share: LoopShare,
        news: Inbox<GeneratorNews>
    ) throws(Errno) -> LoopThread {
        try LoopThread.start(name: "load-\(share.index)") {
            do throws(Errno) {
                let loop = try SocketLoop(limits: limits(setup.arguments))
                // Masks of our own traffic: the clock will do where the system has nothing better.
                let masks = (try? MaskSource()) ?? MaskSource(seed: WallClock.monotonic)
                var generator = Generator(setup, share, news: news, masks: masks, on: loop)
                news.post(.ready(share, generator.orders))
                generator.run()
                news.post(.ended(share, generator.conclude()))
            } catch {
                news.post(.failed(error))
            }
        }
    }

    private mutating func run() {
        loop.setTimer(Self.tickTimer, at: loop.now)
        while stage != .done { handle(loop.next()) }
    }

    private mutating func handle(_ event: LoopEvent) {
        switch event {
        case .connected(let id): connected(id)
        case .readable(let id): read(id)
        case .writable(let id):
            lastStep = loop.now
            markReady(bySlot[id.index])
        case .closed(let id, let cause): closed(bySlot[id.index], cause)
        case .deadline(let id): deadline(id)
        case .inbox: takeOrders()
        case .timer(Self.pumpTimer): pump()
        case .timer(Self.openTimer): openMore()
        case .timer(Self.pingTimer): ping()
        case .timer: tick()
        case .accepted, .endOfTick, .stopped: break
        }
    }

    private mutating func takeOrders() {
        for order in orders.take() {
            switch order {
            case .open: beginOpening()
            case .send(let time): beginSending(at: time)
            case .cut: interrupt()
            }
        }
    }

    private mutating func tick() {
        loop.setTimer(Self.tickTimer, at: loop.now + Self.tickLength)
        let isBusy = stage == .opening || stage == .sending
        // With nothing due, or a connection that is to come back, nothing can go on.
        if stage == .sending, outcome.handed >= released, arguments.rate > 0, nextWrite < schedule.plan.writes {
            lastStep = loop.now
        }
        if profile == .idle, stage == .sending {
            idle()
        } else if isBusy, loop.now - lastStep > arguments.stall {
            giveUp(.stalled)
        }
        if stage == .sending, let duration = arguments.duration, arguments.rate == 0, loop.now >= started + duration {
            cutShort()
        }
        returnDue()
        progress.sent = outcome.handed
        progress.answered = outcome.answered
        news.post(.progress(share, progress))
    }

    private mutating func idle() {
        if loop.now >= started + arguments.idleTime { cutShort() }
    }

    private mutating func interrupt() {
        switch stage {
        case .preparing, .opening, .opened: giveUp(.interrupted)
        case .sending: cutShort()
        case .done: break
        }
    }

    mutating func giveUp(_ reason: ConnectionFailure) {
        isEnding = true
        returning.removeAll()
        for index in connections.indices where connections[index].phase != .ended {
            if let id = connections[index].id, connections[index].phase != .waiting {
                connections[index].fail(reason)
                loop.abort(id)
            } else {
                refuse(index, connections[index].id == nil ? .notStarted : reason)
            }
        }
        begun = connections.count
        endIfOver()
    }

    /// The time is up: what was sent is all there is.
    private mutating func cutShort() {
        nextWrite = schedule.plan.writes
        isEnding = true
        for index in connections.indices {
            connections[index].quota = max(connections[index].sent, connections[index].answers.highest)
            switch connections[index].phase {
            case .open: markReady(index)
            case .waiting: refuse(index, .interrupted)
            case .connecting, .handshaking, .closing, .closed, .ended: break
            }
        }
        returning.removeAll()
        endIfOver()
    }

    mutating func endIfOver() {
        guard ended == connections.count, stage != .done else { return }
        if stage == .opening { news.post(.opened) }
        outcome.finished = loop.now
        stage = .done
    }

    /// What it came to.
    private mutating func conclude() -> Outcome {
        for (index, connection) in connections.enumerated() {
            let global = share.global(index)
            outcome.sent[global] = max(connection.sent, connection.answers.highest)
            outcome.heard += connection.heard
            // In a session nothing is stored twice: there a second one is a fault.
            if !connection.answers.again.isEmpty, !arguments.sessions {
                outcome.again[global] = connection.answers.again
            }
            if let failure = connection.failure { outcome.addFailure(global, "\(failure)") }
        }
        return outcome
    }
}
