import Foundation

/// What Clients/judge.py is asked, and what it answers.
struct FaultCase: Encodable {
    /// A life of the gateway, as it told it.
    struct Life: Encodable {
        let port: Int
        let received: Int
        let delivered: Int
        let dropped: Int
        let unsettled: Int?
        let exit: Int32?
        let reasons: [String: Int]
        let uncertain: Int
        let reordered: Int
        /// How many of those delivered must be in the topic of `records`.
        let here: Int
        /// Dead letters that it says are stored, and that it says are not.
        var told = 0
        var untold = 0

        enum CodingKeys: CodingKey {
            case port, received, delivered, dropped, unsettled, exit, reasons, uncertain, reordered, here, told, untold
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(port, forKey: .port)
            try values.encode(received, forKey: .received)
            try values.encode(delivered, forKey: .delivered)
            try values.encode(dropped, forKey: .dropped)
            try values.encode(unsettled, forKey: .unsettled)
            try values.encode(exit, forKey: .exit)
            try values.encode(reasons, forKey: .reasons)
            try values.encode(uncertain, forKey: .uncertain)
            try values.encode(reordered, forKey: .reordered)
            try values.encode(here, forKey: .here)
            try values.encode(told, forKey: .told)
            try values.encode(untold, forKey: .untold)
        }
    }

    /// A topic that was deleted and made again.
    struct Short: Encodable {
        let records: String
        let plain: [String: String]
    }

    struct Verdict: Decodable {
        let faults: [String]
        let counts: [String: Int]
    }

    var records: String
    /// How many times their topic may have got more partitions.
    var grown = 0
    /// The brokers check sequence numbers and stamp records when they append them.
    var sequences: Bool
    /// Journals of Clients/flaky.py and of Clients/acked.py, by the run's name.
    var plain: [String: String] = [:]
    var acked: [String: String] = [:]
    var short: Short?
    /// The records of the dead letter topic.
    var letters: String?
    var lives: [Life]

    enum CodingKeys: CodingKey {
        case records, grown, sequences, plain, acked, short, letters, lives
    }

    // Values that are null are said: the judge knows no key that may be missing.
    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(records, forKey: .records)
        try values.encode(grown, forKey: .grown)
        try values.encode(sequences, forKey: .sequences)
        try values.encode(plain, forKey: .plain)
        try values.encode(acked, forKey: .acked)
        try values.encode(short, forKey: .short)
        try values.encode(letters, forKey: .letters)
        try values.encode(lives, forKey: .lives)
    }

    func judge(in workspace: Workspace) async throws -> Verdict {
        let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        let file = try workspace.file("case.json", text)
        let answer = try await Tool.output(
            Built.python,
            [Built.client("judge.py").path, file.path],
            in: workspace
        )
        return try JSONDecoder().decode(Verdict.self, from: Data(answer.utf8))
    }
}
