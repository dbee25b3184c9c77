/// Decides whether a fault that repeats is said again: at most once in an interval for each subject, and with how many
/// were held back. Memory is bounded: with too many subjects the one said longest ago is forgotten.
struct RepeatSuppression: Sendable {
    enum Action: Equatable {
        /// - Parameter repeated: how many were held back since the last one.
        case say(repeated: Int)
        case holdBack
    }

    private struct Subject {
        var said: Int64
        var heldBack: Int
    }

    private let interval: Int64
    private let capacity: Int
    private var subjects: [String: Subject] = [:]

    /// - Parameters:
    ///   - interval: nanoseconds.
    ///   - capacity: subjects remembered.
    init(interval: Int64, capacity: Int = 256) {
        self.interval = interval
        self.capacity = capacity
    }

    /// - Parameter now: nanoseconds of a clock that only goes forward.
    mutating func event(_ subject: String, now: Int64) -> Action {
        if var known = subjects[subject] {
            if now - known.said < interval {
                known.heldBack += 1
                subjects[subject] = known
                return .holdBack
            }
            subjects[subject] = Subject(said: now, heldBack: 0)
            return .say(repeated: known.heldBack)
        }
        if subjects.count >= capacity, let oldest = subjects.min(by: { $0.value.said < $1.value.said }) {
            subjects[oldest.key] = nil
        }
        subjects[subject] = Subject(said: now, heldBack: 0)
        return .say(repeated: 0)
    }
}
