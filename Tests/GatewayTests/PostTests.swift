import Admission
import LogPipeline
import Simulation
import Testing

@testable import Gateway

private let log = #"{"timestamp":"2026-01-01T00:00:00Z","message":"m"}"#

@Suite struct PostTests {
    @Test func aLogIsAnsweredWhenItIsStoredAndNotBefore() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        client.post(log, type: "application/json")
        try rig.run()
        #expect(rig.flusher.records() == [log])
        #expect(client.statuses.isEmpty)
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.statuses == [204])
        #expect(client.text.contains("Connection: keep-alive"))
        #expect(!client.text.contains("Sluice-Dropped"))
        #expect(rig.posts(.stored) == 1)
        #expect(rig.snapshot.ledger.received[0] == 1)
        #expect(rig.snapshot.ledger.isBalanced)
        #expect(rig.snapshot.connections == [0, 0, 0])
    }

    @Test(arguments: [
        nil, "text/plain", "text/plain;charset=UTF-8", "application/json", "application/json; charset=utf-8",
    ])
    func oneLog(type: String?) throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.post("one\ntwo", type: type)
        try rig.run()
        #expect(client.statuses == [204])
        #expect(rig.flusher.records().count == 1)
    }

    @Test(arguments: ["application/x-ndjson", "application/jsonl"])
    func aLogALine(type: String) throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.post("\(log)\n\n\(log)\r\n\(log)", type: type)
        try rig.run()
        #expect(client.statuses == [204])
        #expect(rig.flusher.records() == [log, log, log])
    }

    @Test func aRouteThatSplitsSplitsBodies() throws {
        let route = LogRoute(path: "/logs", topic: TopicIndex(rawValue: 0)).splitting(.auto)
        let rig = GatewayRig(routes: [route])
        let client = PostClient(rig)
        client.post("[\(log), \(log)]", type: "application/json")
        client.post("\(log)\n\(log)\n\(log)")
        try rig.run()
        #expect(client.statuses == [204, 204])
        #expect(rig.flusher.records().count == 5)
    }

    @Test(
        arguments: [
            ("image/png", []), ("text/plain; charset=latin1", []), ("multipart/form-data", []), ("nonsense", []),
            ("text/plain", ["Content-Encoding: br"]), ("text/plain", ["Content-Encoding: gzip, gzip"]),
        ] as [(String, [String])]
    )
    func whatNobodyReadsIs415(type: String, headers: [String]) throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.post(log, type: type, headers)
        try rig.run(seconds: 3)
        #expect(client.statuses == [415])
        #expect(client.text.contains(headers.isEmpty ? "Accept-Post: " : "Accept-Encoding: gzip"))
        #expect(rig.network.openConnections == 0)
        #expect(rig.flusher.records().isEmpty)
        #expect(rig.posts(.unsupportedType) == 1)
    }

    /// Wherever the bytes of a request are cut, and however it is framed, the result is the same.
    @Test(arguments: [false, true])
    func everyCut(isChunked: Bool) throws {
        let body = Array("\(log)\nnot json\n{\"broken\"\n\n\(log)\n".utf8)
        let type = "Content-Type: application/x-ndjson"
        let request =
            isChunked
            ? PostClient.chunked(body, step: 7, [type])
            : PostClient.request(body, type: nil, [type])
        for cut in 0...request.count {
            let rig = GatewayRig(seed: UInt64(cut))
            let client = PostClient(rig)
            client.peer.write(request[..<cut])
            try rig.run()
            client.peer.write(request[cut...])
            try rig.run()
            #expect(client.statuses == [204], "cut at \(cut)")
            #expect(client.text.contains("Sluice-Dropped: 1\r\n"))
            #expect(rig.flusher.records().count == 3)
            #expect(rig.snapshot.ledger.isBalanced)
            #expect(rig.partialBytes == 0)
        }
    }

    @Test func oneByteAtATime() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        for byte in PostClient.chunked(Array(log.utf8), step: 5) {
            client.peer.write([byte])
            try rig.run()
        }
        #expect(client.statuses == [204])
        #expect(rig.flusher.records() == [log])
    }

    @Test(arguments: [
        ("", 400, "empty"), (#"{"broken""#, 400, "invalid_json"),
        (String(repeating: "x", count: 1_001), 413, "max_len"),
    ])
    func whereNothingIsStoredTheAnswerSaysWhy(body: String, status: Int, reason: String) throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.post(body)
        client.post(log)
        try rig.run()
        // The body was read to its end, so the connection goes on.
        #expect(client.statuses == [status, 204])
        #expect(client.text.contains(reason))
        #expect(rig.flusher.records() == [log])
        #expect(rig.snapshot.ledger.isBalanced)
    }

    @Test func bytesThatAreNotUTF8AreDroppedAndNamed() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.peer.write(PostClient.request([0xC3, 0x28]))
        try rig.run()
        #expect(client.statuses == [400])
        #expect(client.text.contains("invalid_utf8"))
        #expect(rig.dropped(.invalidUTF8) == 1)
    }

    @Test func whatKafkaRefusesIsSaid() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        client.post("\(log)\n\(log)", type: "application/x-ndjson")
        try rig.run()
        rig.flusher.settleAll(dropping: [0])
        try rig.run()
        #expect(client.statuses == [204])
        #expect(client.text.contains("Sluice-Dropped: 1\r\n"))
        client.post(log)
        try rig.run()
        rig.flusher.settleAll(dropping: [0])
        try rig.run()
        #expect(client.statuses == [204, 413])
        #expect(client.text.contains("record_too_large"))
    }

    @Test func requestsInOneGoAreAnsweredOneAfterTheOther() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        for number in 0..<3 { client.post("log \(number)") }
        try rig.run()
        // The second is not looked at before the first is answered.
        #expect(rig.flusher.records().count == 1)
        for count in 1...3 {
            rig.flusher.settleAll()
            try rig.run()
            #expect(client.statuses.count == count)
        }
        #expect(rig.flusher.records().count == 3)
        #expect(rig.partialBytes == 0)
    }

    @Test func aWebSocketMayFollowAPost() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        client.post(log)
        client.peer.write(GatewayClient.request("/logs"))
        client.peer.write(GatewayClient.text("by frame"))
        try rig.run()
        #expect(client.statuses.isEmpty)
        rig.flusher.settleAll()
        try rig.run()
        #expect(client.statuses == [204, 101])
        #expect(rig.flusher.records().count == 2)
        #expect(rig.snapshot.connections[0] == 1)
    }

    @Test func whoExpectsToBeToldGoOnIsTold() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        let request = PostClient.request(Array(log.utf8), ["Expect: 100-continue"])
        client.peer.write(request.dropLast(log.utf8.count))
        try rig.run()
        #expect(client.statuses == [100])
        client.peer.write(log)
        try rig.run()
        #expect(client.statuses == [100, 204])
    }

    @Test func whoExpectsToBeToldAndMayNotIsTold() throws {
        let route = LogRoute(path: "/logs", topic: TopicIndex(rawValue: 0)).bounded(100)
        let rig = GatewayRig(routes: [route])
        let client = PostClient(rig)
        let request = PostClient.request(Array(repeating: 0x61, count: 101), ["Expect: 100-continue"])
        client.peer.write(request.dropLast(101))
        try rig.run()
        #expect(client.statuses == [413])
    }

    @Test func anHTTP10ClientIsAnsweredAndItsConnectionCloses() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.peer.write("POST /logs HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nlog")
        try rig.run(seconds: 3)
        #expect(client.statuses == [204])
        #expect(client.text.contains("Connection: close"))
        #expect(rig.network.openConnections == 0)
    }

    @Test func whoHasSaidAllIsAnsweredBeforeTheEnd() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        client.post(log)
        client.peer.finish()
        try rig.run()
        rig.flusher.settleAll()
        try rig.run(seconds: 3)
        #expect(client.statuses == [204])
        #expect(rig.network.openConnections == 0)
    }

    @Test func whatIsLeftBehindIsRelayedAllTheSame() throws {
        let rig = GatewayRig()
        rig.flusher.holdSettlements()
        let client = PostClient(rig)
        client.post(log)
        try rig.run()
        client.peer.reset()
        try rig.run()
        rig.flusher.settleAll()
        try rig.run(seconds: 40)
        #expect(rig.snapshot.ledger.delivered == [1])
        #expect(rig.network.openConnections == 0)
    }

    @Test func aRouteWithoutTopicTakesAndAnswers() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.post("to nobody", path: "/raw")
        try rig.run()
        #expect(client.statuses == [204])
        #expect(rig.snapshot.ledger.receivedBytes[2] == 9)
    }

    @Test func anEchoRouteDoesNotEchoPosts() throws {
        let rig = GatewayRig()
        let client = PostClient(rig)
        client.post("ping", path: "/echo")
        try rig.run()
        #expect(client.statuses == [204])
        #expect(!client.text.contains("ping"))
        #expect(rig.flusher.records().count == 1)
    }
}

extension LogRoute {
    func splitting(_ split: Split) -> LogRoute {
        var route = self
        route.split = split
        return route
    }

    func bounded(_ maxMessage: Int) -> LogRoute {
        var route = self
        route.maxMessage = maxMessage
        return route
    }
}
