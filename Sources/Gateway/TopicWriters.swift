import LogPipeline

/// The writers of one loop, one for each topic.
///
/// An array cannot hold values that cannot be copied, and a class around each would put an exclusivity check on
/// every log: so plain memory, owned here and nowhere else.
@safe struct TopicWriters: ~Copyable {
    let count: Int
    private let base: UnsafeMutablePointer<LogWriter>

    init(count: Int, loop: Int, configuration: LogWriterConfiguration) {
        self.count = count
        unsafe base = .allocate(capacity: max(count, 1))
        for index in 0..<count {
            unsafe (base + index).initialize(
                to: LogWriter(topic: TopicIndex(rawValue: index), loop: loop, configuration: configuration)
            )
        }
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    // An address and not a coroutine: nothing is lent and given back with every log.
    subscript(index: Int) -> LogWriter {
        unsafeAddress {
            precondition(index >= 0 && index < count, "no such topic")
            return unsafe UnsafePointer(base + index)
        }
        unsafeMutableAddress {
            precondition(index >= 0 && index < count, "no such topic")
            return unsafe base + index
        }
    }
}
