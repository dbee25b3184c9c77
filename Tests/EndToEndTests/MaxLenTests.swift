import Foundation
import Testing

extension WholeSystem {
    /// A log is whole or it is not there, and its size costs nothing.
    @Suite struct MaxLenTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        /// A JSON log of exactly `size` bytes.
        private static func log(_ size: Int) -> [UInt8] {
            let head = #"{"timestamp":"2026-01-02T03:04:05Z","message":""#
            return Array(head.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: size - head.utf8.count - 2)
                + Array(#""}"#.utf8)
        }

        @Test func aLogOfExactlyMaxLenPassesAndOneByteMoreIsDroppedAndCounted() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n  max_len: 64KiB",
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            let fits = Self.log(65_536)
            try socket.send(1, final: true, fits)
            try socket.send(1, final: true, Self.log(65_537))
            try socket.send(2, final: true, Self.log(65_537))
            for (opcode, final, part) in [(UInt8(1), false, 0..<60_000), (0, true, 60_000..<65_537)] {
                try socket.send(opcode, final: final, Array(Self.log(65_537)[part]))
            }
            for (opcode, final, part) in [(UInt8(1), false, 0..<60_000), (0, true, 60_000..<65_536)] {
                try socket.send(opcode, final: final, Array(fits[part]))
            }
            let metrics = try await gateway.settled(5)
            #expect(metrics.received == 5)
            #expect(metrics.delivered == 2)
            #expect(metrics.dropped == 3)
            #expect(metrics.sum("sluice_logs_dropped_total", #"reason="max_len""#) == 3)
            let records = try await reader.records(2)
            #expect(records == Array(repeating: String(decoding: fits, as: UTF8.self), count: 2))
            #expect(try socket.close() == 1000)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test(arguments: [1, 1024])
        func aMessageOfAGibibyteIsDroppedWithoutMemoryAndTheNextLogArrives(fragments: Int) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n  max_len: 64KiB",
                settings: "loops: 1",
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            // Everything that a log needs is there before the measurement: buffers, the topic, Kafka's connections.
            try Self.sendLarge(8 << 20, fragments: fragments, over: socket)
            try socket.send(text: #"{"message":"before"}"#)
            try await gateway.settled(2)
            let before = try gateway.residentBytes()
            try Self.sendLarge(1 << 30, fragments: fragments, over: socket)
            try await eventually("the large one is counted", within: .seconds(240)) {
                try gateway.metrics().dropped == 2
            }
            let growth = try gateway.residentBytes() - before
            #expect(growth < 1 << 20, "resident memory grew by \(growth) bytes")
            try socket.send(text: #"{"message":"after"}"#)
            let records = try await reader.records(2)
            #expect(records[1].contains(#""message":"after""#))
            let metrics = try await gateway.settled(4)
            #expect(metrics.received == 4)
            #expect(metrics.dropped == 2)
            #expect(try socket.close() == 1000)
            #expect(try await gateway.stop() == .code(0))
        }

        /// A text message of `size` bytes in so many equal fragments.
        private static func sendLarge(_ size: Int, fragments: Int, over socket: RawWebSocket) throws {
            let part = size / fragments
            let block = RawWebSocket.frame(1, [UInt8](repeating: UInt8(ascii: "x"), count: min(part, 1 << 20)))
            let payload = Array(block.suffix(min(part, 1 << 20)))
            for fragment in 0..<fragments {
                let opcode: UInt8 = fragment == 0 ? 1 : 0
                try socket.socket.send(
                    RawWebSocket.head(opcode, final: fragment == fragments - 1, count: part)
                )
                for _ in 0..<(part / payload.count) { try socket.socket.send(payload) }
            }
        }
    }
}
