import LogPipeline

/// The writers of one loop, one for each topic.
///
/// An array cannot hold values that cannot be copied, and a class around each would put an exclusivity check on
/// every log: so plain memory, owned here and nowhere else.
@safe struct TopicWriters: ~Copyable {
    private(set) var count: Int
    private var base: UnsafeMutablePointer<LogWriter>
    private let loop: Int
    private let configuration: LogWriterConfiguration

    init(count: Int, loop: Int, configuration: LogWriterConfiguration) {
        self.count = count
        self.loop = loop
        self.configuration = configuration
        unsafe base = .allocate(capacity: max(count, 1))
        for index in 0..<count {
            unsafe (base + index).initialize(
                to: LogWriter(topic: TopicIndex(rawValue: index), loop: loop, configuration: configuration)
            )
        }
    }

    /// There are more topics from now on. The writers move: nothing may point to one meanwhile.
    mutating func grow(to more: Int) {
        guard more > count else { return }
        let wider = UnsafeMutablePointer<LogWriter>.allocate(capacity: more)
        unsafe wider.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        for index in count..<more {
            unsafe (wider + index).initialize(
                to: LogWriter(topic: TopicIndex(rawValue: index), loop: loop, configuration: configuration)
            )
        }
        unsafe base = wider
        count = more
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    /// Good until `grow`.
    func address(of index: Int) -> UnsafeMutablePointer<LogWriter> {
        precondition(index >= 0 && index < count, "no such topic")
        return unsafe base + index
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
