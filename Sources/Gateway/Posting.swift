import HTTPWire
import LogPipeline

/// A POST that is under way: its body comes, or its logs are on their way to Kafka.
final class Posting {
    /// Of the request on its connection; its logs carry it, so that their settlements find back.
    let number: UInt64
    /// Whether another request may follow.
    let keepAlive: Bool
    /// What lets a page read the answer.
    let crossOrigin: [(name: String, value: String)]
    /// nil for a body that is not coded.
    let decoder: BodyDecoder?
    /// Bytes at the front of what is left of a read that belong to the body and are not decoded; nil: none, and the
    /// decoder holds nothing back.
    var undecoded: Int?
    /// What became of the logs as far as the loop knows; nil until the body is whole.
    var tally: MessageTally?
    /// Logs that have their verdict.
    private var settled = 0
    /// Those of them that were not stored.
    private var losses = MessageTally()

    init(
        number: UInt64,
        keepAlive: Bool,
        crossOrigin: [(name: String, value: String)],
        coding: ContentCoding
    ) {
        self.number = number
        self.keepAlive = keepAlive
        self.crossOrigin = crossOrigin
        decoder = coding == .identity ? nil : BodyDecoder(coding: coding)
    }

    /// Some of its logs have their verdict.
    func settle(_ receipt: Receipt, of batch: Batch) {
        settled += receipt.count
        let records = receipt.firstRecord..<receipt.firstRecord + receipt.count
        for drop in batch.drops where records.contains(drop.record) { losses.drop(drop.reason) }
    }

    /// What is to be answered; nil while something is missing.
    var outcome: PostOutcome? {
        guard let tally, settled >= tally.accepted else { return nil }
        return PostOutcome(
            stored: tally.accepted - losses.dropped,
            dropped: tally.dropped + losses.dropped,
            reason: tally.firstDrop ?? losses.firstDrop
        )
    }
}

@available(*, unavailable)
extension Posting: Sendable {}
