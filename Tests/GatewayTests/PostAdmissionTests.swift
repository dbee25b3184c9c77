import Admission
import HTTPOracle
import LogPipeline
import Reactor
import Simulation
import Testing

@testable import Gateway

private let origin = "Origin: https://app.example"

@Suite struct PostAdmissionTests {
    private func rig(_ limits: ConnectionLimits = ConnectionLimits(), shared: SharedState = SharedState()) throws
        -> GatewayRig
    {
        let table = try guarded(limits: limits)
        return GatewayRig(shared: shared, listeners: 2) { $0.admission = table }
    }

    @Test(
        arguments: [
            ("/logs", [], 401, PostStatus.unauthorized),
            ("/logs?token=s3cret", ["Origin: https://evil.example"], 403, .forbidden),
            ("/logs?token=s3cret", [origin], 204, .stored), ("/t/s3cret/logs", [], 204, .stored),
            ("/logs", ["Cookie: token=s3cret"], 204, .stored),
            ("/logs", ["Authorization: Bearer s3cret"], 204, .stored),
        ] as [(String, [String], Int, PostStatus)]
    )
    func whoMayPost(path: String, headers: [String], status: Int, counted: PostStatus) throws {
        let rig = try rig()
        let client = PostClient(rig)
        client.post("log", path: path, headers)
        try rig.run(seconds: 3)
        #expect(client.statuses == [status])
        #expect(rig.posts(counted) == 1)
        #expect(client.text.contains("WWW-Authenticate: ") == (status == 401))
        #expect(
            client.text.contains("Access-Control-Allow-Origin: https://app.example\r\n") == headers.contains(origin)
        )
        #expect(!client.text.contains("evil"))
        #expect(rig.flusher.records().count == (status == 204 ? 1 : 0))
    }

    @Test func aPathThatIsNoneIs404() throws {
        let rig = try rig()
        let client = PostClient(rig)
        client.post("log", path: "/t/s3cret/nowhere")
        try rig.run(seconds: 3)
        #expect(client.statuses == [404])
        #expect(!client.text.contains("s3cret"))
    }

    @Test func aBrowserAsksBeforeItPosts() throws {
        let rig = try rig()
        let client = PostClient(rig)
        let preflight = "OPTIONS /logs HTTP/1.1\r\nHost: x\r\n\(origin)\r\nAccess-Control-Request-Method: POST\r\n\r\n"
        client.peer.write(preflight)
        client.post("log", path: "/logs?token=s3cret", [origin])
        try rig.run()
        #expect(client.statuses == [204, 204])
        for header in [
            "Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Methods: POST",
            "Access-Control-Allow-Headers: authorization, content-type, content-encoding",
            "Access-Control-Max-Age: 600", "Access-Control-Allow-Credentials: true", "Vary: Origin",
        ] {
            #expect(client.text.contains(header + "\r\n"))
        }
    }

    @Test func aPageThatMayNotIsToldSo() throws {
        let rig = try rig()
        let client = PostClient(rig)
        client.peer.write("OPTIONS /logs HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\r\n")
        try rig.run()
        #expect(client.statuses == [403])
        #expect(!client.text.contains("Access-Control"))
    }

    @Test func whereNoOriginIsRefusedEveryPageMayPost() throws {
        let rig = try rig()
        let client = PostClient(rig, listener: 1)
        client.peer.write("OPTIONS /logs HTTP/1.1\r\nHost: x\r\nOrigin: https://any.example\r\n\r\n")
        client.peer.write("OPTIONS /logs HTTP/1.1\r\nHost: x\r\n\r\n")
        client.post("log", ["Origin: null"])
        try rig.run()
        #expect(client.statuses == [204, 204, 204])
        #expect(client.text.contains("Access-Control-Allow-Origin: *\r\n"))
        #expect(!client.text.contains("Credentials"))
        #expect(client.text.contains("Allow: GET, POST, OPTIONS\r\n"))
    }

    @Test(arguments: ["OPTIONS", "POST"])
    func whereEveryOriginMayPostNoneDoesSoAsItsUser(method: String) throws {
        let policy = AdmissionPolicy(origins: try OriginRules(["*", "null", "https://app.example"]))
        let table = AdmissionTable([Array(repeating: AdmissionTable.Rule(policy: policy), count: 3)])
        let rig = GatewayRig { $0.admission = table }
        func answer(_ origin: String) throws -> String {
            let client = PostClient(rig)
            client.peer.write("\(method) /logs HTTP/1.1\r\nHost: x\r\nOrigin: \(origin)\r\nContent-Length: 0\r\n\r\n")
            try rig.run()
            return client.text
        }
        for origin in ["https://any.example", "null"] {
            let text = try answer(origin)
            #expect(text.contains("Access-Control-Allow-Origin: *\r\n"))
            #expect(text.contains("Vary: Origin\r\n"))
            #expect(!text.contains("Credentials"))
        }
        let named = try answer("https://app.example")
        #expect(named.contains("Access-Control-Allow-Origin: https://app.example\r\n"))
        #expect(named.contains("Access-Control-Allow-Credentials: true\r\n"))
    }

    @Test func whoIsOverItsRateIsToldWhenToComeBack() throws {
        let shared = SharedState()
        let rig = try rig(ConnectionLimits(tokenLogsPerSecond: 10), shared: shared)
        let client = PostClient(rig)
        let body = String(repeating: "a log\n", count: 50)
        client.post(body, path: "/logs?token=s3cret", type: "application/x-ndjson")
        client.post("one more", path: "/logs?token=s3cret")
        try rig.run()
        #expect(client.statuses == [204, 429])
        #expect(client.text.contains("Retry-After: 4\r\n"))
        let other = PostClient(rig)
        other.post("somebody else's", path: "/logs?token=0ther%2F%25")
        try rig.run(seconds: 5)
        let later = PostClient(rig)
        later.post("in time", path: "/logs?token=s3cret")
        try rig.run()
        #expect(other.statuses == [204])
        #expect(later.statuses == [204])
        #expect(rig.posts(.tooMany) == 1)
    }

    @Test func oneConnectionPaysForAllItsRequests() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(logsPerSecond: 10)) }
        let client = PostClient(rig)
        for _ in 0..<3 { client.post(String(repeating: "a log\n", count: 8), type: "application/x-ndjson") }
        try rig.run()
        #expect(client.statuses == [204, 204, 429])
    }

    @Test func placesAreTakenForTheTimeOfARequest() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(connectionsPerAddress: 1)) }
        rig.flusher.holdSettlements()
        let first = PostClient(rig, from: "10.0.0.1")
        first.post("waits")
        try rig.run()
        let second = PostClient(rig, from: "10.0.0.1")
        second.post("too many")
        try rig.run()
        #expect(second.statuses == [429])
        #expect(second.text.contains("Retry-After"))
        rig.flusher.settleAll()
        try rig.run()
        #expect(first.statuses == [204])
        let gone = PostClient(rig, from: "10.0.0.1")
        gone.peer.write(PostClient.request(Array("cut".utf8)).dropLast())
        try rig.run()
        gone.peer.reset()
        try rig.run()
        let third = PostClient(rig, from: "10.0.0.1")
        third.post("has room")
        try rig.run()
        rig.flusher.settleAll()
        try rig.run()
        #expect(third.statuses == [204])
    }

    @Test func whatIsNotDeliverableIs503() throws {
        let rig = GatewayRig()
        rig.flusher.setHealthy(false)
        let client = PostClient(rig)
        client.post("log")
        try rig.run(seconds: 3)
        #expect(client.statuses == [503])
        #expect(client.text.contains("Retry-After"))
        #expect(rig.posts(.unavailable) == 1)
    }

    @Test func aSlowBodyIs408() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        let request = PostClient.request(Array(repeating: 0x61, count: 100))
        client.peer.write(request.dropLast(100))
        for _ in 0..<7 {
            client.peer.write([0x61])
            try rig.run(seconds: 5)
        }
        #expect(client.statuses == [408])
        #expect(rig.partialBytes == 0)
        try rig.run(seconds: 3)
        #expect(rig.network.openConnections == 0)
        #expect(rig.snapshot.ledger.received[0] == 0)
    }

    @Test func whatIsNotStoredInTimeIs503() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        client.post("log")
        try rig.run(seconds: 33)
        #expect(client.statuses == [503])
        rig.flusher.settleAll()
        try rig.run(seconds: 3)
        #expect(rig.snapshot.ledger.delivered == [1])
        #expect(client.statuses == [503])
        #expect(rig.network.openConnections == 0)
    }

    @Test func pressureHoldsABodyUpAndThenSaysSo() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        let request = PostClient.request(Array("one\ntwo".utf8), type: "application/x-ndjson")
        client.peer.write(request.dropLast(3))
        try rig.run()
        rig.flusher.setReady(false)
        client.peer.write("two")
        try rig.run(seconds: 10)
        #expect(client.statuses.isEmpty)
        #expect(rig.snapshot.paused == 1)
        rig.flusher.setReady(true)
        try rig.run()
        #expect(client.statuses == [204])
        rig.flusher.setReady(false)
        client.post("never taken")
        try rig.run(seconds: 33)
        #expect(client.statuses == [204, 503])
        #expect(rig.snapshot.paused == 0)
    }

    @Test func whoWaitedWithNothingToSayIsAnsweredWhenTheWaitIsOver() throws {
        let rig = GatewayRig()
        rig.flusher.setReady(false)
        let client = PostClient(rig)
        client.post("")
        try rig.run()
        #expect(rig.snapshot.paused == 1)
        #expect(client.statuses.isEmpty)
        rig.flusher.setReady(true)
        try rig.run()
        #expect(client.statuses == [400])
    }

    @Test func whatIsInFlightAtTheEndIsAnsweredAndWhatComesIsNotTaken() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        let idle = PostClient(rig)
        idle.post("before")
        try rig.run()
        rig.flusher.settleAll()
        client.post("in flight")
        try rig.run()
        let done = Flag()
        rig.inbox.post(.drain(within: 60 * second) { done.set() })
        try rig.run()
        #expect(idle.statuses == [204])
        #expect(idle.peer.sawEnd)
        #expect(!done.isSet)
        rig.flusher.settleAll()
        try rig.run(seconds: 3)
        #expect(client.statuses == [204])
        #expect(client.text.contains("Connection: close"))
        #expect(done.isSet)
    }

    @Test func whoPostsAtTheEndIs503() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.peer.write("POST /logs")
        try rig.run()
        rig.inbox.post(.drain(within: 60 * second) {})
        try rig.run()
        client.peer.write(" HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nlog")
        try rig.run()
        #expect(client.statuses == [503])
    }

    @Test func anIdleConnectionClosesAndCountsForNothing() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.post("log")
        try rig.run(seconds: 9)
        #expect(rig.network.openConnections == 1)
        try rig.run(seconds: 5)
        #expect(rig.network.openConnections == 0)
        #expect(rig.snapshot.refused.allSatisfy { $0 == 0 })
    }
}

/// Bodies that are coded, or too long.
@Suite struct PostBodyTests {
    private static func member(_ body: [UInt8]) -> [UInt8] { Gzip.member(body, level: 6, describes: false) }

    @Test func aGzipBodyWhereverItIsCut() throws {
        let body = Self.member(Array("one\ntwo\nthree".utf8))
        let headers = ["Content-Encoding: gzip"]
        let request = PostClient.request(body, type: "application/x-ndjson", headers)
        for cut in 0...request.count {
            let rig = GatewayRig(seed: UInt64(cut))
            let client = PostClient(rig)
            client.peer.write(request[..<cut])
            try rig.run()
            client.peer.write(request[cut...])
            client.post("next")
            try rig.run()
            #expect(client.statuses == [204, 204], "cut at \(cut)")
            #expect(rig.flusher.records().count == 4)
            #expect(rig.partialBytes == 0)
        }
    }

    @Test func aBodyThatInflatesToMoreThanATicksShareIsTakenOverTicks() throws {
        let lines = String(repeating: String(repeating: "x", count: 99) + "\n", count: 40_000)
        let rig = GatewayRig()
        let client = PostClient(rig)
        let body = Self.member(Array(lines.utf8))
        #expect(body.count < 64 * 1_024)
        client.peer.write(PostClient.request(body, type: "application/x-ndjson", ["Content-Encoding: gzip"]))
        client.post("next")
        try rig.run()
        #expect(client.statuses == [204, 204])
        #expect(rig.flusher.records().count == 40_001)
        #expect(rig.partialBytes == 0)
    }

    @Test func aBombIs413AndCostsNoMemory() throws {
        let route = LogRoute(path: "/logs", maxLen: 1_000, topic: TopicIndex(rawValue: 0)).bounded(1 << 20)
        let bomb = Self.member([UInt8](repeating: 0, count: 32 << 20))
        for type in ["text/plain", "application/x-ndjson"] {
            let rig = GatewayRig(routes: [route])
            let client = PostClient(rig)
            client.peer.write(PostClient.request(bomb, type: type, ["Content-Encoding: gzip"]))
            try rig.run(seconds: 3)
            #expect(client.statuses == [413])
            #expect(rig.partialBytes == 0)
            #expect(rig.dropped(.maxLen) == 1)
            #expect(rig.snapshot.ledger.isBalanced)
            #expect(rig.network.openConnections == 0)
        }
    }

    @Test(arguments: [0, 1, 5, 12])
    func gzipThatIsDamagedOrCutIs400(from end: Int) throws {
        var body = Self.member(Array("a log".utf8))
        if end == 0 { body[0] = 0 } else { body.removeLast(end) }
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.peer.write(PostClient.request(body, type: nil, ["Content-Encoding: gzip"]))
        try rig.run(seconds: 3)
        #expect(client.statuses == [400])
        #expect(rig.flusher.records().isEmpty)
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func aChunkedBodyOverMaxMessageIs413() throws {
        let route = LogRoute(path: "/logs", maxLen: 1_000, topic: TopicIndex(rawValue: 0)).bounded(5_000)
        let rig = GatewayRig(routes: [route])
        let client = PostClient(rig)
        client.peer.write(PostClient.chunked(Array(repeating: 0x61, count: 5_001), step: 500))
        try rig.run(seconds: 3)
        #expect(client.statuses == [413])
        #expect(rig.network.openConnections == 0)
    }

    @Test(arguments: ["5\r\nhelloX", "zz\r\n", "5;\u{1}\r\n"])
    func chunksThatAreMalformedAre400(body: String) throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.peer.write("POST /logs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        try rig.run(seconds: 3)
        #expect(client.statuses == [400])
        #expect(rig.posts(.badRequest) == 1)
        #expect(rig.flusher.records().isEmpty)
    }
}
