internal import Glibc
internal import Reactor

/// Runs a load: starts the verifier if there is one, and the loops, tells them when, and puts together what they say.
struct LoadRun: ~Copyable {
    /// How often progress is shown, in nanoseconds: several times what it comes in.
    private static let tickLength: UInt64 = 500_000_000
    private static let tickTimer = LoopTimer(rawValue: 0)

    enum Stage {
        case preparing
        case opening
        case sending
        case verifying
        case done
    }

    private let setup: RunSetup
    private var loop: SocketLoop
    private let news: Inbox<GeneratorNews>
    private let verifierNews: Inbox<VerifierNews>
    private var verifier: Verifier?
    private var threads: [LoadThread] = []
    private var progress: Progress
    private var stage = Stage.preparing
    private var opened = 0
    private var ended = 0
    private var started: UInt64 = 0
    private var isInterrupted = false
    private var outcome = Outcome()
    private var states: [GeneratorProgress]
    private var orders: [Int: Inbox<GeneratorOrder>] = [:]
    private var verifierFault: TopicReaderError?
    private var findings: VerifyFindings?
    private var delivery = LatencyHistogram()

    /// - Throws: what the system did not grant.
    init(_ setup: RunSetup) throws {
        let loop = try SocketLoop()
        let verifierNews = Inbox<VerifierNews>(waker: loop.waker)
        let verifier = try VerifierTask(setup).map { task in try Verifier.start(task, news: verifierNews) }
        self.setup = setup
        self.verifierNews = verifierNews
        self.verifier = verifier
        news = Inbox(waker: loop.waker)
        progress = Progress(run: String(decoding: setup.run, as: UTF8.self), begin: loop.now)
        states = Array(repeating: GeneratorProgress(), count: setup.arguments.threads)
        self.loop = loop
    }

    /// The whole run.
    mutating func run() -> Report {
        if verifier == nil { startLoops() }
        loop.setTimer(Self.tickTimer, at: loop.now)
        while stage != .done {
            switch loop.next() {
            case .inbox: takeNews()
            case .timer: tick()
            default: break
            }
        }
        for thread in threads { thread.join() }
        if let verifier = verifier.take() { verifier.join() }
        progress.end()
        return report()
    }

    private mutating func startLoops() {
        stage = .opening
        let count = setup.arguments.threads
        for index in 0..<count {
            do throws(Errno) {
                threads.append(
                    LoadThread(try Generator.start(setup, LoopShare(index: index, count: count), news: news))
                )
            } catch {
                news.post(.failed(error))
            }
        }
    }

    private mutating func takeNews() {
        for message in verifierNews.take() { take(message) }
        for message in news.take() { take(message) }
    }

    private mutating func take(_ message: VerifierNews) {
        switch message {
        case .following(let partitions):
            progress.partitions = partitions
            if stage == .preparing { startLoops() }
        case .failed(let error):
            verifierFault = error
            stage = .done
        case .accountedFor(let count): progress.stored = count
        case .concluded(let findings, let latency):
            self.findings = findings
            delivery = latency
            stage = .done
        }
    }

    private mutating func take(_ message: GeneratorNews) {
        switch message {
        case .ready(let share, let orders):
            self.orders[share.index] = orders
            if self.orders.count == setup.arguments.threads { tell(.open) }
        case .opened:
            opened += 1
            if opened == setup.arguments.threads { beginSending() }
        case .progress(let share, let state): states[share.index] = state
        case .ended(let share, let outcome):
            self.outcome.merge(outcome)
            states[share.index] = GeneratorProgress(open: 0, sent: outcome.handed, answered: outcome.answered)
            end()
        case .failed(let error):
            outcome.addFailure(0, "a loop cannot begin: \(error)")
            end()
        }
    }

    private mutating func tell(_ order: GeneratorOrder) {
        for inbox in orders.values { inbox.post(order) }
    }

    private mutating func beginSending() {
        stage = .sending
        started = loop.now
        verifier?.begin(at: started)
        tell(.send(at: started))
    }

    private mutating func end() {
        ended += 1
        guard ended == setup.arguments.threads else { return }
        let counts = (0..<setup.plan.connections).map { outcome.sent[$0] ?? 0 }
        stage = verifier == nil ? .done : .verifying
        verifier?.conclude(SentLogs(counts: counts, again: outcome.again))
    }

    private mutating func tick() {
        loop.setTimer(Self.tickTimer, at: loop.now + Self.tickLength)
        if Interruption.isAsked, !isInterrupted {
            isInterrupted = true
            tell(.cut)
        }
        progress.sent = states.reduce(0) { $0 + $1.sent }
        progress.open = states.reduce(0) { $0 + $1.open }
        progress.answered = states.reduce(0) { $0 + $1.answered }
        progress.show(stage, now: loop.now)
    }

    private func report() -> Report {
        var report = Report(setup, outcome)
        report.seconds = outcome.finished > started && started > 0 ? Double(outcome.finished - started) / 1e9 : 0
        report.processorSeconds = Self.processorSeconds()
        report.delivery = delivery
        report.findings = findings
        report.verifierFault = verifierFault.map { "\($0)" }
        return report
    }

    private static func processorSeconds() -> Double {
        var usage = rusage()
        unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

/// A thread in an array, which holds no owners.
private final class LoadThread {
    private var thread: LoopThread?

    init(_ thread: consuming LoopThread) { self.thread = consume thread }

    func join() {
        if let thread = thread.take() { thread.join() }
    }
}
