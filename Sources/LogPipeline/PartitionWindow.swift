/// Which neighbouring partitions a loop uses for a topic: as many as the traffic wants, another stretch now and then.
/// Steady lanes are spread over all of them, in every loop alike.
struct PartitionWindow: Sendable {
    private let configuration: PartitionPlan.Configuration
    private let loop: Int
    private var partitions = 1
    private var start = 0
    /// Where the steady lanes begin.
    private var origin = 0
    private(set) var width = 1

    private var logs = 0
    private var bytes = 0
    private var reviewedAt: UInt64?
    private var reviewsSinceRotation = 0
    /// What the traffic wanted at most since it last wanted the present width.
    private var widestWanted = 0
    private var reviewsBelow = 0

    /// Reviews in a row that must want less before the window shrinks.
    private static let patience = 10

    init(loop: Int, configuration: PartitionPlan.Configuration) {
        self.loop = loop
        self.configuration = configuration
    }

    func partition(of lane: Int) -> Int32 {
        let steady = lane - LaneSet.firstSteady
        return Int32((steady < 0 ? start + lane % width : origin + steady) % partitions)
    }

    /// Whether `review` has more to do than to count.
    func wantsReview(partitions: Int, now: UInt64) -> Bool {
        guard partitions == self.partitions, let reviewedAt else { return true }
        return now &- reviewedAt >= configuration.reviewInterval
    }

    /// - Returns: whether `partition(of:)` has changed.
    mutating func review(partitions: Int, logs: Int, bytes: Int, now: UInt64) -> Bool {
        self.logs += logs
        self.bytes += bytes
        var changed = take(partitions: max(1, partitions))
        guard let before = reviewedAt else {
            reviewedAt = now
            return changed
        }
        let elapsed = now &- before
        guard elapsed >= configuration.reviewInterval else { return changed }
        changed = resize(to: wanted(elapsed)) || changed
        changed = rotate() || changed
        reviewedAt = now
        self.logs = 0
        self.bytes = 0
        return changed
    }

    private mutating func take(partitions: Int) -> Bool {
        guard partitions != self.partitions else { return false }
        self.partitions = partitions
        width = min(width, partitions)
        // Multiples of the golden section lie far from each other however many loops there are.
        let spread = (((loop &* 40_503) & 0xFFFF) * partitions) >> 16
        origin = abs(configuration.seed % partitions)
        start = (origin + spread) % partitions
        return true
    }

    private func wanted(_ elapsed: UInt64) -> Int {
        let seconds = Double(elapsed) / 1e9
        let byLogs = Double(logs) / seconds / Double(configuration.logsPerPartition)
        let byBytes = Double(bytes) / seconds / Double(configuration.bytesPerPartition)
        return min(partitions, max(1, Int(min(max(byLogs, byBytes), 1e6).rounded(.up))))
    }

    /// Grows at once, shrinks only after a while: every change makes busy lanes wait.
    private mutating func resize(to wanted: Int) -> Bool {
        if wanted >= width {
            let grows = wanted > width
            width = wanted
            reviewsBelow = 0
            widestWanted = 0
            return grows
        }
        widestWanted = max(widestWanted, wanted)
        reviewsBelow += 1
        guard reviewsBelow >= PartitionWindow.patience else { return false }
        width = widestWanted
        reviewsBelow = 0
        widestWanted = 0
        return true
    }

    private mutating func rotate() -> Bool {
        reviewsSinceRotation += 1
        let isAll = width == partitions
        guard partitions > 1, reviewsSinceRotation >= configuration.reviewsPerRotation * (isAll ? 6 : 1) else {
            return false
        }
        reviewsSinceRotation = 0
        start = (start + (isAll ? 1 : width)) % partitions
        return true
    }
}
