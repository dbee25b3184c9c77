internal import Synchronization

/// Counts by key that all loops share: connections of an address or of an identity. Keys at zero are forgotten.
package final class SharedCounts<Key: Hashable & Sendable>: Sendable {
    private let counts = Mutex<[Key: Int]>([:])

    package init() {}

    /// Counts one more, unless `atMost` are in already; zero is no bound, and counts all the same: another bound may
    /// come with the next configuration.
    package func enter(_ key: Key, atMost: Int) -> Bool {
        counts.withLock { counts in
            let present = counts[key] ?? 0
            guard atMost <= 0 || present < atMost else { return false }
            counts[key] = present + 1
            return true
        }
    }

    /// Whoever entered leaves once.
    package func leave(_ key: Key) {
        counts.withLock { counts in
            guard let present = counts[key] else { return }
            counts[key] = present > 1 ? present - 1 : nil
            counts.giveBackRoom()
        }
    }

    package func count(of key: Key) -> Int { counts.withLock { $0[key] ?? 0 } }

    /// How many keys are remembered.
    var keyCount: Int { counts.withLock { $0.count } }
}

extension Dictionary {
    /// A dictionary keeps the memory of its fullest time; this one starts again when it is mostly empty.
    mutating func giveBackRoom() {
        guard capacity > 1024, count < capacity / 8 else { return }
        self = [Key: Value](uniqueKeysWithValues: map { ($0.key, $0.value) })
    }
}
