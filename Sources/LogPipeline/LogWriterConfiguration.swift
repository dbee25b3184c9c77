/// How a `LogWriter` works.
package struct LogWriterConfiguration: Sendable {
    /// Bytes of a chunk of the arena; a longer log gets a chunk of its own.
    package var chunkBytes = 256 * 1024
    /// Records of a batch, at most (`bulk_max_size`).
    package var bulkMaxSize = 2048
    /// Bytes of an encoded record, at most (`max_message_bytes`).
    package var maxMessageBytes = 1_000_000
    package var recordTimestamp = RecordTimestamp.arrival
    /// Over so many bytes held back for lanes that change partition, the writer is not ready.
    package var maxHeldBytes = 8 * 1024 * 1024
    /// Over so many bytes of arena in use, the writer is not ready: one unsettled record keeps its whole chunk.
    package var maxArenaBytes = 256 * 1024 * 1024
    /// A thin batch goes at the end of the first tick that comes so long after the last one for its partition went,
    /// nanoseconds; 0: each tick's logs go at its end.
    ///
    /// What a batch costs as a whole, on its way to the flusher and back, is six times what a log of 200 bytes costs in it
    /// (`loadtest/instructions`, T and A), and with one log a read a tick has one or two.
    package var gatherTime: UInt64 = 0
    /// Without such a tick it goes after so many times that. Longer, as a tick for its sake is a wake-up that others do
    /// not share.
    static let gatherPatience: UInt64 = 5
    package var partitioning = PartitionPlan.Configuration()

    package init() {}
}
