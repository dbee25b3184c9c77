import HTTPWire
import LogPipeline
import Reactor
import Telemetry

/// The admin listener on a loop and a thread of its own, so that it answers while the gateway's loops are busy.
///
/// What it says of the loops it asks of them through their inboxes, and answers when the last one has replied.
struct AdminLoop: ~Copyable {
    /// What comes in from the loops.
    enum Message: Sendable {
        case snapshot(request: Int, LoopSnapshot)
        /// What came of a reload that this client asked for.
        case reloaded(ConnectionID, Response)
        case stop
    }

    /// A scrape that waits for the loops.
    private struct Pending {
        let connection: ConnectionID
        let page: AdminPages.Page
        let isHEAD: Bool
        let keepAlive: Bool
        let deadline: UInt64
        var missing: Int
        var set: LoopSnapshot?
    }

    private var reactor: SocketLoop
    let inbox: Inbox<Message>
    private let context: AdminContext
    private var readers: [ConnectionID: RequestHeadReader] = [:]
    private var pending: [Int: Pending] = [:]
    private var requests = 0
    /// Who waits for what comes of a reload, and whether it is a trial.
    private var reloading: [ConnectionID: Bool] = [:]
    private let started: UInt64
    private var history: RateHistory

    /// A loop that has not replied after this time does not turn, nanoseconds.
    private static let patience: UInt64 = 2 * second
    /// A client has this long for a request, and between requests, nanoseconds.
    private static let clientTimeout: UInt64 = 30 * second
    private static let sweep = LoopTimer(rawValue: 0)
    /// Scrapers are few; more are turned away.
    private static let maxClients = 256
    /// Bytes of answers that a client may leave unread and still ask.
    private static let unreadBound = 256 * 1024

    init(reactor: consuming SocketLoop, context: AdminContext) {
        inbox = Inbox(waker: reactor.waker)
        started = reactor.now
        history = RateHistory(start: started)
        self.reactor = reactor
        self.context = context
    }

    mutating func run() {
        var buffer = ReadBuffer()
        while true {
            switch reactor.next() {
            case .accepted(let id, _): accepted(id)
            case .readable(let id): readable(id, &buffer)
            case .closed(let id, _):
                readers[id] = nil
                reloading[id] = nil
            case .deadline(let id): late(id)
            case .inbox:
                for message in inbox.take() { handle(message) }
            case .timer: expire()
            case .connected, .writable, .endOfTick: break
            case .stopped: return
            }
        }
    }

    private mutating func accepted(_ id: ConnectionID) {
        guard readers.count < Self.maxClients else {
            reactor.abort(id)
            return
        }
        readers[id] = RequestHeadReader()
        reactor.setDeadline(id, at: reactor.now &+ Self.clientTimeout)
    }

    private mutating func readable(_ id: ConnectionID, _ buffer: inout ReadBuffer) {
        switch reactor.receive(id, into: buffer) {
        case .bytes(let count): requests(buffer.bytes(count), of: id)
        case .wouldBlock: break
        case .end: reactor.close(id)
        case .failed: reactor.abort(id)
        }
    }

    private mutating func requests(_ bytes: RawSpan, of id: ConnectionID) {
        var offset = 0
        while offset < bytes.byteCount, var reader = readers[id] {
            let event = reader.next(bytes, at: &offset)
            readers[id] = reader
            switch event {
            case .needMore:
                return
            case .refused(let status, let fault):
                respond(id, Response.refusal(status: status, reason: fault), isHEAD: false)
            case .head(let head):
                reactor.setDeadline(id, at: reactor.now &+ Self.clientTimeout)
                // What was sent behind it unasked is not read, which RFC 9112 section 9.3.2 leaves to the client.
                request(head, of: id, isLast: offset < bytes.byteCount)
                return
            }
        }
    }

    private mutating func request(_ head: RequestHead, of id: ConnectionID, isLast: Bool) {
        guard reactor.pendingOutput(id) < Self.unreadBound else {
            reactor.abort(id)
            return
        }
        let isHEAD = head.method == "HEAD"
        // A body would have to be skipped; no request of this listener has one.
        let keepAlive = head.keepAlive && head.bodyLength == .none && !isLast
        let page = AdminPages.page(head)
        switch page {
        case .reload:
            reload(head, of: id, keepAlive: keepAlive)
        case .readyz:
            var response = AdminPages.readyz(context.readiness(context.topics()))
            response.keepAlive = keepAlive
            respond(id, response, isHEAD: isHEAD)
        case .home:
            var response = StatusPage.response
            response.keepAlive = keepAlive
            respond(id, response, isHEAD: isHEAD)
        case .livez, .status, .metrics:
            ask(page, of: id, isHEAD: isHEAD, keepAlive: keepAlive)
        case .unknownFormat, .notFound, .methodNotAllowed:
            respond(id, AdminPages.refusal(page, keepAlive: keepAlive), isHEAD: isHEAD)
        }
    }

    private mutating func reload(_ head: RequestHead, of id: ConnectionID, keepAlive: Bool) {
        if let refusal = ReloadPage.refusal(head, peer: reactor.peer(id), listening: context.address) {
            return respond(id, refusal, isHEAD: head.method == "HEAD")
        }
        guard let isTrial = ReloadPage.isTrial(head.query) else {
            return respond(id, .text(400, "The only parameter is dry_run."), isHEAD: false)
        }
        guard let reload = context.reload else {
            return respond(id, .text(404, "There is nothing to reload."), isHEAD: false)
        }
        reactor.pauseReading(id)
        reactor.setDeadline(id, at: reactor.now &+ context.reloadPatience)
        reloading[id] = isTrial
        let inbox = inbox
        Task {
            let answer = await reload(isTrial)
            inbox.post(.reloaded(id, .text(answer.status, answer.text, keepAlive: keepAlive)))
        }
    }

    /// The time of a client is over.
    private mutating func late(_ id: ConnectionID) {
        guard let isTrial = reloading.removeValue(forKey: id) else { return reactor.close(id) }
        respond(id, ReloadPage.late(context.reloadPatience, isTrial: isTrial), isHEAD: false)
    }

    private mutating func ask(_ page: AdminPages.Page, of id: ConnectionID, isHEAD: Bool, keepAlive: Bool) {
        requests += 1
        let number = requests
        pending[number] = Pending(
            connection: id,
            page: page,
            isHEAD: isHEAD,
            keepAlive: keepAlive,
            deadline: reactor.now &+ Self.patience,
            missing: context.loops.count
        )
        let inbox = inbox
        for loop in context.loops {
            loop.snapshot { inbox.post(.snapshot(request: number, $0)) }
        }
        // One after the other: neither the next request nor the end of a client that has said all is read before.
        reactor.pauseReading(id)
        // The first one's time must not be put off by those that come after it.
        if pending.count == 1 { reactor.setTimer(Self.sweep, at: reactor.now &+ Self.patience) }
    }

    private mutating func handle(_ message: Message) {
        switch message {
        case .stop:
            reactor.stop()
        case .reloaded(let id, let response):
            guard reloading.removeValue(forKey: id) != nil else { return }
            respond(id, response, isHEAD: false)
        case .snapshot(let number, let set):
            guard var request = pending[number] else { return }
            if request.set == nil { request.set = set } else { request.set?.merge(set) }
            request.missing -= 1
            pending[number] = request
            guard request.missing == 0, let whole = request.set else { return }
            pending[number] = nil
            answer(request, whole)
        }
    }

    private mutating func answer(_ request: Pending, _ set: LoopSnapshot) {
        var response =
            switch request.page {
            case .metrics(let format): metrics(set, format)
            case .status: status(set)
            default: Response.text(200, "live")
            }
        response.keepAlive = request.keepAlive
        respond(request.connection, response, isHEAD: request.isHEAD)
    }

    private mutating func metrics(_ set: LoopSnapshot, _ format: MetricsFormat) -> Response {
        history.add(RateHistory.Totals(set.ledger, at: reactor.now))
        let families = context.metrics.families(
            set,
            context.flusherCounters(),
            sessions: context.shared.sessions.count(at: reactor.now),
            states: context.topics(),
            reload: context.reloadStatus()
        )
        let all = families + context.process.families() + context.moreMetrics()
        return AdminPages.metrics(all, written: context.writtenMetrics(format), format)
    }

    private mutating func status(_ set: LoopSnapshot) -> Response {
        let totals = RateHistory.Totals(set.ledger, at: reactor.now)
        let topics = context.topics()
        let report = StatusReport(
            version: context.version,
            uptime: reactor.now &- started,
            readiness: context.readiness(topics),
            routes: context.routes,
            topics: topics,
            set: set,
            rates: history.rates(to: totals),
            flusher: context.flusherCounters(),
            reload: context.reloadStatus()
        )
        history.add(totals)
        return .json(200, report.json)
    }

    /// Answers those whose loops have not replied in time.
    private mutating func expire() {
        for (number, request) in pending where reactor.now >= request.deadline {
            pending[number] = nil
            let text = "\(request.missing) of \(context.loops.count) event loops do not turn."
            respond(request.connection, .text(503, text), isHEAD: request.isHEAD)
        }
        if let next = pending.values.map(\.deadline).min() { reactor.setTimer(Self.sweep, at: next) }
    }

    private mutating func respond(_ id: ConnectionID, _ response: Response, isHEAD: Bool) {
        guard readers[id] != nil else { return }
        let bytes = response.serialised(answeringHEAD: isHEAD)
        unsafe reactor.send(id, bytes.span.bytes)
        if response.keepAlive {
            reactor.resumeReading(id)
        } else {
            readers[id] = nil
            reactor.close(id)
        }
    }
}
