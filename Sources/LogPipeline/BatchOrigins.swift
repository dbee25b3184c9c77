/// Where the records of one batch came from, and who waits for them.
///
/// An object of its own, so that a batch without any of that has one reference to look at.
@safe final class BatchOrigins {
    /// In the order of the records.
    private(set) var receipts: [Receipt] = []
    /// Bytes of names and values of the headers of all records, as each of them carries them.
    private(set) var headerBytes = 0
    /// Headers of all records.
    private(set) var headerCount = 0
    /// Records that have headers.
    private(set) var headedCount = 0
    /// One for each run of records of the same source.
    private(set) var sources: [RecordSource] = []

    /// Bytes of memory, as far as it grows with the records.
    var memoryBytes: Int {
        receipts.count * MemoryLayout<Receipt>.stride + sources.count * MemoryLayout<RecordSource>.stride
    }

    /// - Returns: where the source is among `sources`, or -1 if it says nothing.
    func add(_ source: RecordSource) -> Int32 {
        guard !source.headers.isEmpty else { return -1 }
        // A list of runs: looking for a source that was there before would cost more than its second reference.
        if sources.last !== source { sources.append(source) }
        headerBytes &+= source.byteCount
        headerCount &+= source.headers.count
        headedCount &+= 1
        return Int32(truncatingIfNeeded: sources.count &- 1)
    }

    /// - Parameter record: behind those before.
    func add(_ receipt: ReceiptKey, record: Int) {
        if receipts.isEmpty || !receipts[receipts.count &- 1].extend(receipt, record: record) {
            receipts.append(Receipt(receipt, record: record))
        }
    }

    func receipt(ofRecord record: Int) -> ReceiptKey? {
        var low = 0
        var high = receipts.count
        while low < high {
            let middle = (low + high) / 2
            if receipts[middle].firstRecord <= record { low = middle + 1 } else { high = middle }
        }
        guard low > 0, record < receipts[low - 1].firstRecord + receipts[low - 1].count else { return nil }
        let receipt = receipts[low - 1]
        return ReceiptKey(
            owner: receipt.owner,
            number: receipt.number(ofRecord: record),
            position: receipt.position(ofRecord: record)
        )
    }

    /// Lets go of everything.
    func forget() {
        headerBytes = 0
        headerCount = 0
        headedCount = 0
        // Of a batch that is kept for use again not much memory is kept.
        if !sources.isEmpty { sources.removeAll(keepingCapacity: sources.capacity <= 64) }
        if !receipts.isEmpty { receipts.removeAll(keepingCapacity: receipts.capacity <= 64) }
    }
}
