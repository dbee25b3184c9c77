/// `dead_letters`: where refused logs are told of.
package struct DeadLetters: Equatable, Sendable {
    /// `dead_letters.topic`, required at the top level; of a route, that of the top level where it is not said.
    package var topic: String
    /// `dead_letters.content_bytes`: how many of a log's first bytes are told. Default: 0.
    package var contentBytes = 0

    /// What a key `dead_letters` says.
    enum Reading {
        /// There is none.
        case unsaid
        case off
        case on(DeadLetters)
    }

    /// - Parameter outer: what holds where a key is not said.
    static func read(_ reader: inout TableReader, outer: DeadLetters?, _ elsewhere: () -> [String]) -> Reading {
        if reader.isWord("off", at: "dead_letters") { return .off }
        guard var table = reader.table("dead_letters") else { return .unsaid }
        let isMissing = table.isMissing("topic") && outer == nil
        let topic = table.value("topic", ValueText.topic) ?? outer?.topic
        // More would not fit into a record of the usual size once it is escaped.
        let contentBytes = table.size("content_bytes", in: 0...(64 << 10)) ?? outer?.contentBytes ?? 0
        table.finish(elsewhere: elsewhere)
        if isMissing { table.missing("topic") }
        guard let topic else { return .unsaid }
        return .on(DeadLetters(topic: topic, contentBytes: contentBytes))
    }
}
