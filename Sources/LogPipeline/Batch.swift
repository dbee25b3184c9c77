/// One encoded log, where it lies in its arena.
package struct Record: BitwiseCopyable {
    /// Valid until the batch is settled.
    package let payload: UnsafeRawPointer
    package let count: Int32
    /// The record's own timestamp in milliseconds since 1970, or 0 for the time of hand-over.
    package let timestamp: Int64

    package init(payload: UnsafeRawPointer, count: Int, timestamp: Int64 = 0) {
        unsafe self.payload = payload
        self.count = Int32(count)
        self.timestamp = timestamp
    }
}
