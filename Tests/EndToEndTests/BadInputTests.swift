import Foundation
import Testing

extension WholeSystem {
    /// What no client should send. Whatever it is, the next client's log arrives.
    @Suite struct BadInputTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        /// A log that follows all the bad input, and the end.
        private func expectAlive(_ gateway: Gateway) async throws {
            let delivered = try gateway.metrics().delivered
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(text: #"{"message":"still there"}"#)
            try await gateway.delivers(delivered + 1)
            try socket.close()
            #expect(try gateway.metrics().isConserved)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func requestsThatAreNoHandshakeAreRefusedEachWithItsStatus() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            for request in BadRequest.all {
                let socket = try RawSocket(port: gateway.port)
                socket.offer(request.bytes)
                let received = socket.receiveAll()
                let response = try? HTTP.parse(received.text)
                #expect(
                    response.map { request.statuses.contains($0.status) } ?? false,
                    "\(request.name): \(received.text.prefix(200))"
                )
                #expect(received.end != .stillOpen, "\(request.name): the connection stays open")
            }
            // The POST without a body is a log of no bytes.
            let metrics = try gateway.metrics()
            #expect(metrics.received == 1)
            #expect(metrics.sum("sluice_logs_dropped_total", #"reason="empty""#) == 1)
            try await expectAlive(gateway)
        }

        @Test func framesAgainstTheProtocolEndTheConnectionWithTheirCodeAndKeepTheLogBefore() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            for bad in BadFrames.all {
                let socket = try RawWebSocket(port: gateway.port)
                try socket.socket.send(RawWebSocket.frame(1, Array(#"{"message":"good"}"#.utf8)) + bad.bytes)
                let frame = try? socket.receive()
                #expect(frame?.closeCode == bad.code, "\(bad.name): \(String(describing: frame))")
                #expect(socket.socket.receiveAll().end != .stillOpen, "\(bad.name): the connection stays open")
            }
            let metrics = try await gateway.settled(BadFrames.all.count)
            #expect(metrics.received == BadFrames.all.count)
            #expect(metrics.delivered == BadFrames.all.count)
            try await expectAlive(gateway)
        }

        @Test func resetsAtEveryPointOfAConnectionLoseNothingThatWasWholeAndLeaveNothingBehind() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let handshake = Array(RawWebSocket.handshake("/logs").utf8)
            let log = RawWebSocket.frame(1, Array(#"{"message":"a log"}"#.utf8))
            let ping = RawWebSocket.frame(9, [1, 2, 3])
            let session = log + ping + log + RawWebSocket.frame(8, [3, 232])
            try await gateway.delivers(0)
            let descriptors = try gateway.descriptors()

            for cut in stride(from: 0, through: handshake.count, by: 7) {
                let socket = try RawSocket(port: gateway.port)
                try socket.send(Array(handshake.prefix(cut)))
                socket.resetOnClose()
            }
            var whole = 0
            for cut in 0...session.count {
                let socket = try RawWebSocket(port: gateway.port)
                try socket.socket.send(Array(session.prefix(cut)))
                socket.socket.resetOnClose()
                whole += (cut >= log.count ? 1 : 0) + (cut >= log.count * 2 + ping.count ? 1 : 0)
            }
            let metrics = try await gateway.settled(whole)
            #expect(metrics.received == whole)
            #expect(metrics.delivered == whole)
            try await eventually("no connection and no descriptor is left") {
                try gateway.metrics().sum("sluice_connections") == 0 && gateway.descriptors() <= descriptors
            }
            try await expectAlive(gateway)
        }

        @Test func aMessageThatItsConnectionDoesNotOutliveIsNotALog() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            do {
                let socket = try RawWebSocket(port: gateway.port)
                try socket.send(text: #"{"message":"whole"}"#)
                try socket.send(1, final: false, Array(#"{"message":"#.utf8))
                try socket.socket.send(RawWebSocket.head(0, count: 1000) + [1, 2, 3])
            }
            let metrics = try await gateway.settled(1)
            #expect(metrics.received == 1)
            try await eventually("the connection is gone") { try gateway.metrics().sum("sluice_connections") == 0 }
            #expect(try gateway.metrics().received == 1)
            try await expectAlive(gateway)
        }

        @Test func logsThatBreakThePolicyAreDroppedEachForItsReason() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(text: "")
            try socket.send(binary: [])
            try socket.send(text: #"{"message":"#)
            try socket.send(text: #"{"message":"twice"}}"#)
            try socket.send(
                text: String(repeating: #"{"a":"#, count: 5_000) + "1" + String(repeating: "}", count: 5_000)
            )
            try socket.send(binary: [0x7b, 0xff, 0x7d])
            let metrics = try await gateway.settled(6)
            #expect(metrics.sum("sluice_logs_dropped_total", #"reason="empty""#) == 2)
            #expect(metrics.sum("sluice_logs_dropped_total", #"reason="invalid_json""#) == 3)
            #expect(metrics.sum("sluice_logs_dropped_total", #"reason="invalid_utf8""#) == 1)
            #expect(try socket.close() == 1000)
            try await expectAlive(gateway)
        }

        @Test func aTopicThatKafkaRefusesIsSaidAndLosesNothing() async throws {
            let broker = try await MockBroker.start(in: workspace)
            // 17: INVALID_TOPIC_EXCEPTION.
            try await broker.perform("topic logs 17")
            let gateway = try await Gateway.start(kafka: broker.hosts, ready: false, in: workspace)
            try await eventually("/readyz names the topic") {
                let response = try gateway.readiness()
                return response.status == 503 && response.body.contains(#""topic":"logs""#)
            }
            #expect(throws: Failure.self) { try RawWebSocket(port: gateway.port) }
            try await broker.perform("topic logs 0")
            try await gateway.ready()
            try await expectAlive(gateway)
        }
    }
}
