/// Which partition the lanes of one loop and topic write to, so that each lane's order is kept.
///
/// Few partitions are in use while traffic is thin, as each one in use costs requests and wake-ups
/// (`partition.connection`, the default): one window of neighbours that grows with the traffic and wanders over all
/// of them. A lane leaves its partition only when none of its records is in flight; a busy one is routed to a batch
/// that is held back until its earlier records are settled.
///
/// A steady lane has one partition in every loop, and leaves it only when the topic gets more of them: whose connection
/// was cut goes on where it was, whatever slot and loop the next one has.
package struct PartitionPlan: Sendable {
    package struct Configuration: Sendable {
        /// A partition more for each so many logs a second.
        package var logsPerPartition = 50_000
        /// A partition more for each so many bytes a second.
        package var bytesPerPartition = 10 * 1024 * 1024
        /// Nanoseconds between measurements of the traffic.
        package var reviewInterval: UInt64 = 1_000_000_000
        /// Reviews between two steps of the window; six times as many when it covers everything.
        package var reviewsPerRotation = 10
        /// Where the window begins; different for each process, best random.
        package var seed = 0

        package init() {}
    }

    /// Where a lane's next record goes.
    package enum Route: Hashable, Sendable {
        case partition(Int32)
        /// To `to`, once everything the lane has at `from` is settled.
        case held(from: Int32, to: Int32)
    }

    /// How many partitions are in use, or are about to be.
    package var width: Int { window.width }
    /// Lanes with records handed over and not settled.
    package private(set) var busy = LaneSet()
    /// Lanes on their way to another partition.
    package private(set) var moving = LaneSet()

    private var window: PartitionWindow
    private var home = [128 of Int32](repeating: 0)
    private var destination = [128 of Int32](repeating: 0)
    /// Batches in flight that have records of the lane.
    private var inFlight = [128 of Int32](repeating: 0)
    private var settledSince = false

    /// - Parameter loop: different loops begin at different partitions.
    package init(loop: Int, configuration: Configuration) {
        window = PartitionWindow(loop: loop, configuration: configuration)
    }

    package func route(of lane: Int) -> Route {
        moving.contains(lane) ? .held(from: home[lane], to: destination[lane]) : .partition(home[lane])
    }

    /// A batch with records of these lanes is in flight from now on.
    package mutating func handedOver(_ lanes: LaneSet) {
        var rest = lanes
        while let lane = rest.popFirst() {
            inFlight[lane] += 1
            busy.insert(lane)
        }
    }

    /// Such a batch is settled.
    package mutating func settled(_ lanes: LaneSet) {
        var rest = lanes
        while let lane = rest.popFirst() {
            precondition(inFlight[lane] > 0, "a batch was settled twice")
            inFlight[lane] -= 1
            if inFlight[lane] == 0 { busy.remove(lane) }
        }
        settledSince = true
    }

    /// Ends the moves of which all lanes have nothing in flight any more. Lanes with the same way share the batches
    /// held for them, so they go together; a lane from elsewhere, where Kafka may be stuck, does not keep them.
    /// - Returns: whether any route has changed; what was held for such a route goes out now.
    package mutating func completeMoves() -> Bool {
        guard settledSince, !moving.isEmpty else { return false }
        settledSince = false
        let before = moving
        var done = LaneSet()
        var rest = moving
        while let lane = rest.popFirst() {
            if !isBlocked(lane) { done.insert(lane) }
        }
        while let lane = done.popFirst() {
            home[lane] = destination[lane]
            moving.remove(lane)
        }
        return moving != before
    }

    /// Looks at the traffic and at how many partitions there are.
    ///
    /// - Parameters:
    ///   - partitions: how many the topic has; may grow.
    ///   - now: monotonic nanoseconds.
    /// - Returns: whether any route has changed.
    /// - Precondition: every lane with an unsettled record is either busy or moving.
    package mutating func review(partitions: Int, logs: Int, bytes: Int, now: UInt64) -> Bool {
        guard window.review(partitions: partitions, logs: logs, bytes: bytes, now: now) else { return false }
        return align()
    }

    /// Whether lanes may be sent elsewhere by the next `completeMoves` and `review` at this time.
    package func mayReroute(partitions: Int, now: UInt64) -> Bool {
        !moving.isEmpty || window.wantsReview(partitions: partitions, now: now)
    }

    /// Sends lanes that are not where the window wants them there.
    package mutating func align() -> Bool {
        var changed = false
        for lane in 0..<LaneSet.laneCount where !moving.contains(lane) {
            let wanted = window.partition(of: lane)
            guard home[lane] != wanted else { continue }
            changed = true
            if busy.contains(lane) {
                destination[lane] = wanted
                moving.insert(lane)
            } else {
                home[lane] = wanted
            }
        }
        return changed
    }

    /// Whether any lane is on this way.
    package func isMoving(from: Int32, to: Int32) -> Bool {
        var rest = moving
        while let lane = rest.popFirst() {
            if home[lane] == from, destination[lane] == to { return true }
        }
        return false
    }

    private func isBlocked(_ lane: Int) -> Bool {
        var rest = moving.intersection(busy)
        while let other = rest.popFirst() {
            if home[other] == home[lane], destination[other] == destination[lane] { return true }
        }
        return false
    }
}
