import LogPipeline

/// What became of a log that was put into its topic's arena.
enum Commitment {
    case accepted
    case dropped(DropReason)
    /// It is text and no UTF-8: its connection ends.
    case notText

    var fault: ContentFault? {
        if case .notText = self { .notText } else { nil }
    }
}
