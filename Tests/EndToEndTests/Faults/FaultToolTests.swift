import Foundation
import Testing

extension WholeSystem {
    /// The tools of the fault runs themselves: a judge that finds nothing must be one that can find something.
    struct FaultToolTests {
        private struct Counts: Decodable {
            let received: Int
            let delivered: Int
            let dropped: Int
        }

        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        /// Plays clients of `sluice.v1` against a server that knows how to lie.
        private func verdict(lie: String?, session: Bool) async throws -> FaultCase.Verdict {
            let records = workspace.fresh("records")
            let journal = workspace.fresh("journal")
            let server = try Tool.client("ackserver.py", [records.path, "7"] + (lie.map { [$0] } ?? []), in: workspace)
            let port = try await server.lines(1)[0]
            let client = try Tool.client(
                "acked.py",
                [
                    "--run", "tried", "--clients", "3", "--rate", "3000", "--seed", "1", "--journal", journal.path,
                ] + (session ? ["--session"] : []),
                in: workspace
            )
            try client.tell("port \(port)")
            // Often, since a client that has just been acked has nothing to send again.
            for round in 0..<12 {
                try await eventually("the server has stored enough") {
                    (try? Data(contentsOf: records).count) ?? 0 > 300_000 + round * 20_000
                }
                for number in 0..<3 { try client.tell("reset \(number)") }
            }
            try client.tell("finish")
            guard try await client.exit() == .code(0) else { throw Failure(client.errors) }
            try server.tell("counts")
            let counts = try JSONDecoder().decode(Counts.self, from: Data(try await server.lines(2)[1].utf8))
            let life = FaultCase.Life(
                port: Int(port) ?? 0,
                received: counts.received,
                delivered: counts.delivered,
                dropped: counts.dropped,
                unsettled: 0,
                exit: 0,
                reasons: ["max_len": counts.dropped],
                uncertain: 0,
                reordered: 0,
                here: counts.delivered
            )
            let question = FaultCase(
                records: records.path,
                sequences: true,
                acked: ["tried": journal.path],
                lives: [life]
            )
            return try await question.judge(in: workspace)
        }

        @Test(arguments: [false, true])
        func anHonestServerIsFoundHonest(session: Bool) async throws {
            let verdict = try await verdict(lie: nil, session: session)
            #expect(verdict.faults.isEmpty, "\(verdict.faults)")
            #expect(verdict.counts["acked"] ?? 0 > 1_000)
            #expect(verdict.counts["sent again"] ?? 0 > 0)
        }

        @Test(
            arguments: [
                ("lose", "not there"), ("repeat", "repeated"), ("disorder", "stand behind later ones"),
                ("move", "in partitions"),
            ]
        )
        func everyLieIsFound(lie: String, word: String) async throws {
            let verdict = try await verdict(lie: lie, session: true)
            #expect(verdict.faults.contains { $0.contains(word) }, "\(verdict.faults)")
        }

        @Test func aSessionThatIsForgottenIsFound() async throws {
            let verdict = try await verdict(lie: "forget", session: true)
            #expect(verdict.faults.contains { $0.contains("stored again in the same life") }, "\(verdict.faults)")
        }

        /// A session of two connections, of which logs 17 and 228 were too long: the lines of the dead letter topic, how many
        /// of them the gateway says are stored, and the sentence that it must lead to.
        @Test(
            arguments: [
                ("told", ["r 0 17 0 0 letter max_len", "r 1 228 0 1 letter max_len"], 2, nil),
                ("no room for one", ["r 0 17 0 0 letter max_len"], 1, nil),
                ("one is missing", ["r 0 17 0 0 letter max_len"], 2, "dropped, without a dead letter: 1"),
                ("said to be stored", [], 1, "1 dead letters stored, 0 there"),
                (
                    "told of twice", ["r 0 17 0 0 letter max_len", "r 1 17 0 1 letter max_len"], 2,
                    "17 told of by connections [0, 1]"
                ),
                ("no drop", ["r 0 3 0 0 letter max_len"], 1, "no such drop"),
                ("no log", ["r 7 17 0 0 letter max_len"], 0, "a log that never was"),
            ] as [(String, [String], Int, String?)]
        )
        func deadLettersAreHeldToWhatWasDropped(
            name: String,
            lines: [String],
            told: Int,
            sentence: String?
        ) async throws {
            let numbers = (1...230).filter { $0 != 17 && $0 != 228 }
            let journal = try workspace.file(
                "journal",
                """
                {"session": true, "clients": [{"sent": 230, "acked": 230, "faults": [],
                "dropped": {"17": "max_len", "228": "max_len"}, "epochs": [
                {"port": 1, "first": 1, "offered": 230, "acked": 10, "code": null},
                {"port": 1, "first": 11, "offered": 230, "acked": 230, "code": 1000}]}]}
                """
            )
            let life = FaultCase.Life(
                port: 1,
                received: 230,
                delivered: 228,
                dropped: 2,
                unsettled: 0,
                exit: 0,
                reasons: ["max_len": 2],
                uncertain: 0,
                reordered: 0,
                here: 228,
                told: told
            )
            let question = FaultCase(
                records: try await topic(numbers.enumerated().map { "r 0 \($0.element) 0 \($0.offset)" }).path,
                sequences: true,
                acked: ["r": journal.path],
                letters: try await topic(lines).path,
                lives: [life]
            )
            let verdict = try await question.judge(in: workspace)
            if let sentence {
                #expect(verdict.faults.contains { $0.contains(sentence) }, "\(name): \(verdict.faults)")
            } else {
                #expect(verdict.faults.isEmpty, "\(name): \(verdict.faults)")
            }
        }

        /// A file as kcat writes it.
        private func topic(_ lines: [String]) async throws -> URL {
            let records = workspace.fresh("records")
            let made = try await Tool.run(
                Built.python,
                [Built.client("topic.py").path],
                input: lines.joined(separator: "\n"),
                in: workspace
            )
            try made.output.write(to: records, atomically: true, encoding: .utf8)
            return records
        }

        /// A topic, what was sent and what the gateway says, and the sentence that it must lead to.
        @Test(
            arguments: [
                ("whole", [0, 1, 2, 3], 4, 4, nil),
                ("the last one is missing", [0, 1, 2], 4, 4, "answered Close, but not there: 1 [3]"),
                ("delivered, but not there", [0, 1, 2], 3, 4, "4 delivered, 3 there"),
                ("one in the middle is missing", [0, 1, 3], 4, 4, "answered Close, but not there: 1 [2]"),
                ("out of order", [0, 2, 1, 3], 4, 4, "1 logs stand behind later ones: [1]"),
                ("repeated", [0, 1, 2, 2, 3], 4, 4, "1 repeated, 0 uncertain"),
                ("never sent", [0, 1, 2, 3, 4], 4, 5, "there, but not sent or not wanted: [4]"),
                ("stored, but not counted", [0, 1, 2, 3], 4, 3, "exit 0 with 3 received"),
            ] as [(String, [Int], Int, Int, String?)]
        )
        func plainConnectionsAreHeldToWhatTheySent(
            name: String,
            numbers: [Int],
            offered: Int,
            delivered: Int,
            sentence: String?
        ) async throws {
            let records = try await topic(numbers.enumerated().map { "r 0 \($0.element) 0 \($0.offset)" })
            let journal = try workspace.file(
                "journal",
                #"{"connections": [{"id": 0, "port": 1, "offered": \#(offered), "whole": true, "code": 1000}]}"#
            )
            let life = FaultCase.Life(
                port: 1,
                received: name == "stored, but not counted" ? 3 : offered,
                delivered: delivered,
                dropped: 0,
                unsettled: name == "stored, but not counted" ? 1 : 0,
                exit: 0,
                reasons: [:],
                uncertain: 0,
                reordered: 0,
                here: delivered
            )
            let question = FaultCase(records: records.path, sequences: true, plain: ["r": journal.path], lives: [life])
            let verdict = try await question.judge(in: workspace)
            if let sentence {
                #expect(verdict.faults.contains { $0.contains(sentence) }, "\(name): \(verdict.faults)")
            } else {
                #expect(verdict.faults.isEmpty, "\(name): \(verdict.faults)")
            }
        }
    }
}
