import CRdKafka
import Foundation
import LogPipeline
import Testing

@testable import KafkaFlusher

struct ErrorTableTests {
    /// Every code that the librdkafka in use knows, with its name.
    private static var known: [(code: rd_kafka_resp_err_t, name: String)] {
        var descriptions: UnsafePointer<rd_kafka_err_desc>?
        var count = 0
        rd_kafka_get_err_descs(&descriptions, &count)
        return UnsafeBufferPointer(start: descriptions, count: count).compactMap { description in
            guard description.desc != nil, let name = description.name else { return nil }
            return (description.code, String(cString: name))
        }
    }

    @Test func everyErrorOfLibrdkafkaHasItsRow() {
        #expect(Self.known.count > 150)
        for error in Self.known {
            // librdkafka marks the ends of its two lists with codes that are no errors.
            guard !["_BEGIN", "_END"].contains(error.name), !error.name.hasSuffix("END_ALL") else { continue }
            #expect(KafkaFaultTable.verdict(error.code) != nil, "\(error.name) (\(error.code.rawValue)) has no row")
        }
    }

    @Test func noErrorHasTwoRows() {
        let codes = KafkaFaultTable.rows.flatMap { $0.codes.map(\.rawValue) }
        #expect(codes.count == Set(codes).count)
    }

    @Test func onlyTheRecordsOwnFaultsDropIt() {
        let faults: [rd_kafka_resp_err_t: DropReason] = [
            RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: .recordTooLarge,
            RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: .recordTooLarge,
            RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE: .recordTooLarge,
            RD_KAFKA_RESP_ERR_INVALID_MSG: .recordRefused,
            RD_KAFKA_RESP_ERR_INVALID_RECORD: .recordRefused,
            RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP: .recordRefused,
        ]
        let delivered: Set<Int32> = [0, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER.rawValue]
        for number in Int32(-250)...Int32(150) {
            let code = rd_kafka_resp_err_t(rawValue: number)
            switch KafkaErrorClass(code) {
            case .delivered: #expect(delivered.contains(number))
            case .recordFault(let reason): #expect(faults[code] == reason)
            case .hold: #expect(faults[code] == nil && !delivered.contains(number))
            }
        }
    }

    @Test(arguments: [
        (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "not_authorized"),
        (RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, "not_authorized"),
        (RD_KAFKA_RESP_ERR__AUTHENTICATION, "authentication"), (RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, "unknown_topic"),
        (RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "unknown_topic"),
        (RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, "no_leader"),
        (RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, "timed_out"), (RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "brokers_down"),
        (RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "fatal"), (RD_KAFKA_RESP_ERR__FATAL, "fatal"),
        (RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE, "configuration"), (RD_KAFKA_RESP_ERR__BAD_MSG, "fatal"),
        (rd_kafka_resp_err_t(rawValue: 12_345), "fatal"),
    ])
    func aHoldHasTheWordOfReadiness(_ code: rd_kafka_resp_err_t, _ word: String) {
        #expect(HoldReason(code).word == word)
        #expect(HoldReason(code).detail(topic: "logs").isEmpty == false)
    }

    /// One row of the document's table.
    private struct DocumentedRow {
        var errors: [Int32: String] = [:]
        var act = ""
        var reason = ""
        var seen = ""
    }

    private static func documentedRows() throws -> [DocumentedRow] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/sluice/Documentation.docc/Faults.md")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: " | ").map { $0.trimmingCharacters(in: ["|", " "]) }
            guard cells.count == 4 else { return nil }
            var row = DocumentedRow(act: cells[1], reason: cells[2], seen: cells[3])
            for match in cells[0].matches(of: /`([A-Z_]+)` \((-?[0-9]+)\)/) {
                row.errors[Int32(match.2) ?? 0] = String(match.1)
            }
            return row.errors.isEmpty ? nil : row
        }
    }

    @Test func theDocumentSaysWhatTheTableDoes() throws {
        let documented = try Self.documentedRows()
        #expect(documented.count == KafkaFaultTable.rows.count)
        for (row, said) in zip(KafkaFaultTable.rows, documented) {
            #expect(Set(said.errors.keys) == Set(row.codes.map(\.rawValue)))
            for (code, name) in said.errors {
                #expect(String(cString: rd_kafka_err2name(rd_kafka_resp_err_t(rawValue: code))) == name)
                switch KafkaErrorClass(rd_kafka_resp_err_t(rawValue: code)) {
                case .delivered:
                    #expect(said.act.contains("as delivered") && said.reason == "–")
                case .recordFault(let reason):
                    // The topic's fault, or a clock's: the record is held.
                    let mayBeHeld = [87, 32].contains(code)
                    #expect(said.act.hasPrefix("drops the record"))
                    #expect(said.reason == (mayBeHeld ? "– or `configuration`" : "–"), "\(name)")
                    #expect(said.seen.contains("`log.dropped`") && said.seen.contains("reason=\"\(reason.label)\""))
                case .hold(let reason):
                    #expect(said.act.hasPrefix("h") && said.reason == "`\(reason.word)`", "\(name)")
                    #expect(said.seen.contains("`kafka.topic_unhealthy`"))
                }
            }
        }
    }
}
