import Foundation
import Synchronization
import Testing

extension WholeSystem {
    /// received = delivered + dropped + in flight, to the last log: at every scrape, and in the last line.
    @Suite struct ConservationTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        /// How many scrapes that differ are looked at while the load goes on.
        private static let scrapes = 150

        @Test func everyScrapeUnderLoadAndFaultsIsConserved() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 4, "split": 2], in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                kafkaSettings: """
                    max_message_bytes: 2000
                    backoff: {init: 50ms, max: 200ms}
                    librdkafka: {"reconnect.backoff.max.ms": 200}
                    """,
                routes: "- path: /logs\n- path: /split\n  split: lines\n  topic: split",
                settings: "loops: 3\nmax_len: 3000\nmax_in_flight: 16MiB\ndrain: 30s",
                in: workspace
            )
            let load = Load(port: gateway.port)
            load.start()
            var seen: Set<Int> = []
            var number = 0
            while seen.count < Self.scrapes, number < 20_000 {
                let metrics = try gateway.metrics()
                #expect(metrics.isConserved, "scrape \(number): \(Self.words(metrics))")
                #expect(metrics.inFlight >= 0)
                seen.insert(metrics.received)
                try await disturb(broker, number)
                number += 1
            }
            try await mend(broker)
            load.stop()
            #expect(seen.count == Self.scrapes, "the load went on meanwhile")
            for _ in 0..<20 { #expect(try gateway.metrics().isConserved) }
            let last = try await gateway.settled(0)
            #expect(last.isConserved)
            for reason in ["max_len", "invalid_json", "invalid_utf8", "empty", "record_too_large"] {
                #expect(last.sum("sluice_logs_dropped_total", #"reason="\#(reason)""#) > 0, "\(reason)")
            }
            for topic in ["logs", "split"] {
                let delivered = last.sum("sluice_logs_delivered_total", #"topic="\#(topic)""#)
                #expect(delivered > 0)
                // The mock cluster takes a record twice that is sent twice.
                #expect(try await TopicReader(topic, hosts: broker.hosts, in: workspace).endOffset() >= delivered)
            }
            #expect(last.sum("sluice_connections_reset_total") > 0)
            #expect(try await gateway.stop() == .code(0))
            let line = try #require(gateway.event("stopped"))
            #expect(line["received"] == String(last.received))
            #expect(line["delivered"] == String(last.delivered))
            #expect(line["dropped"] == String(last.dropped))
            #expect(line["unsettled"] == "0")
        }

        @Test(arguments: [1, 2])
        func theLastLineAddsUpWhenKafkaIsGone(signals: Int) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let settings = signals == 1 ? "drain: 1s\nloops: 3" : "drain: 10m\nloops: 3"
            let gateway = try await Gateway.start(kafka: broker.hosts, settings: settings, in: workspace)
            let sockets = try (0..<6).map { _ in try RawWebSocket(port: gateway.port) }
            for socket in sockets { try socket.send(text: #"{"message":"stored"}"#) }
            try await gateway.settled(6)
            broker.freeze()
            for socket in sockets {
                try socket.send(text: #"{"message":"not stored"}"#)
                try socket.send(text: #"{"broken"#)
            }
            try await eventually("they are received") { try gateway.metrics().received == 18 }
            #expect(try gateway.metrics().isConserved)
            gateway.child.signal(SIGTERM)
            if signals == 2 {
                try await eventually("it has taken notice of the first one") {
                    try sockets[0].receive().closeCode == 1001
                }
                gateway.child.signal(SIGTERM)
            }
            #expect(try await gateway.child.exit(within: .seconds(30)) == .code(1))
            let line = try #require(gateway.event("stopped"), "\(gateway.child.errors)")
            #expect(line["received"] == "18")
            #expect(line["delivered"] == "6")
            #expect(line["dropped"] == "6")
            #expect(line["unsettled"] == "6")
        }

        private static func words(_ metrics: Metrics) -> String {
            "\(metrics.received) = \(metrics.delivered) + \(metrics.dropped) + \(metrics.inFlight)"
        }

        /// A fault for thirty scrapes, then none for as many: what is refused is tried again only so often, so faults
        /// must not come faster than they are used up.
        private func disturb(_ broker: MockBroker, _ number: Int) async throws {
            switch (number % 60, number / 60 % 5) {
            case (20, 0): broker.freeze()
            // Not enough replicas; a topic that may not be written.
            case (20, 1): try await broker.perform("fail 0 19 3")
            case (20, 2): try await broker.perform("fail 0 29 3")
            case (20, 3): try await broker.perform("leader logs 0 -1")
            case (20, 4): try await broker.perform("down 1")
            case (50, _): try await mend(broker)
            default: break
            }
        }

        private func mend(_ broker: MockBroker) async throws {
            broker.thaw()
            for command in ["heal 0", "leader logs 0 1", "up 1"] { try await broker.perform(command) }
        }
    }
}

/// Senders of every kind, each a thread of its own, until they are told to stop: good logs and bad ones, messages of
/// several, POST, connections that are reset.
private final class Load: Sendable {
    private let port: Int
    private let isOver = Atomic<Bool>(false)
    private let threads = DispatchGroup()

    init(port: Int) { self.port = port }

    func start() {
        for number in 0..<6 {
            threads.enter()
            Thread.detachNewThread { [self] in
                defer { threads.leave() }
                while !isOver.load(ordering: .relaxed) {
                    // Who is not let in while Kafka is gone, or has waited too long, comes again.
                    do { try run(number) } catch { usleep(20_000) }
                }
            }
        }
    }

    func stop() {
        isOver.store(true, ordering: .relaxed)
        threads.wait()
    }

    private func run(_ number: Int) throws {
        switch number {
        case 0, 1: try logs(reset: number == 1)
        case 2: try mixed()
        case 3, 4: try split(reset: number == 4)
        default: try posts()
        }
    }

    private func logs(reset: Bool) throws {
        let socket = try RawWebSocket(port: port)
        for _ in 0..<40 where !isOver.load(ordering: .relaxed) {
            let frames = (0..<50).flatMap { RawWebSocket.frame(1, Array(#"{"message":"log \#($0)"}"#.utf8)) }
            try socket.socket.send(frames)
        }
        if reset { socket.socket.resetOnClose() } else { try socket.close() }
    }

    private func mixed() throws {
        let socket = try RawWebSocket(port: port)
        for round in 0..<40 where !isOver.load(ordering: .relaxed) {
            try socket.send(text: #"{"message":"good \#(round)"}"#)
            try socket.send(text: #"{"broken"#)
            try socket.send(binary: [0xff, 0xfe])
            try socket.send(text: "")
            try socket.send(text: String(repeating: "l", count: 3_001))
            try socket.send(text: String(repeating: "r", count: 2_900))
            try socket.send(1, final: false, Array(String(repeating: "f", count: 2_000).utf8))
            try socket.send(0, final: true, Array(String(repeating: "f", count: 2_000).utf8))
        }
        try socket.close()
    }

    private func split(reset: Bool) throws {
        let socket = try RawWebSocket(port: port, path: "/split")
        let long = String(repeating: "x", count: 3_500)
        let message = (0..<20).map { "line \($0)" } + [#"{"broken"#, long, "last"]
        for _ in 0..<40 where !isOver.load(ordering: .relaxed) {
            try socket.send(text: message.joined(separator: "\n"))
        }
        // Cut within a message.
        try socket.send(1, final: false, Array("one\ntwo\nthr".utf8))
        if reset { socket.socket.resetOnClose() } else { try socket.close() }
    }

    private func posts() throws {
        let body = (0..<10).map { #"{"message":"posted \#($0)"}"# } + [#"{"broken"#]
        let text = body.joined(separator: "\n")
        for _ in 0..<20 where !isOver.load(ordering: .relaxed) {
            let socket = try RawSocket(port: port)
            try socket.send(
                "POST /logs HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                    + "Content-Type: application/x-ndjson\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
            )
            let answer = try HTTP.parse(socket.receiveAll().text)
            guard answer.status == 204 else { throw Failure(answer.head) }
        }
    }
}
