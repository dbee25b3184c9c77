import Foundation

/// What `sluice-load --json` says, as far as it is looked at here.
struct LoadReport: Decodable {
    struct Verified: Decodable {
        struct Names: Decodable { let count: Int }

        let intact: Int
        let lost: Names
        let repeated: Names
        let damaged: Names
        let reordered: Names
        let movedTooEarly: Names
        let unexpected: Int

        var isSpotless: Bool {
            [lost, repeated, damaged, reordered, movedTooEarly].allSatisfy { $0.count == 0 } && unexpected == 0
        }
    }

    let failed: Int
    let sent: Int
    let answered: Int
    let reconnects: Int
    let verified: Verified?

    init(_ output: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(output.utf8))
    }
}
