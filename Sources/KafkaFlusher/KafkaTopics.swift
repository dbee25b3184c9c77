internal import LogPipeline
internal import Synchronization

/// Every topic that there has been since the start, by index. Read by the loops without a lock while it grows.
///
/// `@unchecked Sendable` because a lock would be taken with every read of a socket: a place is written once, before the
/// count that covers it, and nothing is taken out.
@safe final class KafkaTopics: @unchecked Sendable {
    /// So many a flusher can have: a place each is set aside, so that none ever moves.
    static let most = 4_096

    private let places: UnsafeMutablePointer<KafkaTopic>
    private let filled = Atomic<Int>(0)
    private let writing = Mutex(())

    init() { unsafe places = .allocate(capacity: Self.most) }

    deinit {
        unsafe places.deinitialize(count: filled.load(ordering: .acquiring))
        unsafe places.deallocate()
    }

    subscript(index: TopicIndex) -> KafkaTopic {
        precondition(index.rawValue >= 0 && index.rawValue < filled.load(ordering: .acquiring), "no such topic")
        return unsafe places[index.rawValue]
    }

    /// Those that there are now.
    var all: List { List(topics: self, endIndex: filled.load(ordering: .acquiring)) }

    /// The topic of a name, made where there is none yet.
    ///
    /// - Returns: nil where there is no room for another one.
    func find(_ name: String, orMake make: (TopicIndex) -> KafkaTopic) -> (topic: KafkaTopic, isNew: Bool)? {
        writing.withLock { _ in
            if let known = all.first(where: { $0.name == name }) { return (known, false) }
            let count = filled.load(ordering: .relaxed)
            guard count < Self.most else { return nil }
            let made = make(TopicIndex(rawValue: count))
            unsafe (places + count).initialize(to: made)
            filled.store(count + 1, ordering: .releasing)
            return (made, true)
        }
    }

    /// Where these topics are, or would be when `find` made them in this order. Makes none.
    ///
    /// - Returns: nil where there is no room for all of them.
    func foresee(_ names: [String]) -> [TopicIndex]? {
        writing.withLock { _ in
            var places: [String: Int] = [:]
            for (place, topic) in all.enumerated() { places[topic.name] = place }
            for name in names where places[name] == nil { places[name] = places.count }
            guard places.count <= Self.most else { return nil }
            return names.compactMap { places[$0].map { TopicIndex(rawValue: $0) } }
        }
    }

    /// The topics of one moment: it does not grow while one goes through it.
    struct List: RandomAccessCollection {
        fileprivate let topics: KafkaTopics
        let endIndex: Int
        var startIndex: Int { 0 }

        subscript(position: Int) -> KafkaTopic { topics[TopicIndex(rawValue: position)] }
    }
}
