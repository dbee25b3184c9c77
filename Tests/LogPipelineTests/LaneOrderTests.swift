import LogPipeline
import Testing

/// A writer with a flusher that settles in any order, while the plan changes under it.
private struct Traffic: ~Copyable {
    var writer: LogWriter
    private var random: Seeded
    private var sent = [Int](repeating: 0, count: LaneSet.laneCount)
    private var inFlight: [Batch] = []
    private var partitionOf = [Int32](repeating: 0, count: LaneSet.laneCount)
    private var unsettled = [Int](repeating: 0, count: LaneSet.laneCount)
    private var lastSeen = [Int](repeating: -1, count: LaneSet.laneCount)
    private var now: UInt64 = 0
    private(set) var partitions = 1
    private(set) var used: Set<Int32> = []
    private(set) var moves = 0
    private(set) var faults: [String] = []

    init(seed: Int, gatherTime: UInt64) {
        random = Seeded(UInt64(seed))
        writer = makeWriter(loop: seed) {
            $0.chunkBytes = 4096
            $0.bulkMaxSize = 20
            $0.gatherTime = gatherTime
            $0.partitioning.logsPerPartition = 60
            $0.partitioning.reviewInterval = 5_000_000
            $0.partitioning.reviewsPerRotation = 2
            $0.partitioning.seed = seed
        }
    }

    mutating func tick(logs: Int) {
        now += 1_000_000
        for _ in 0..<logs {
            // A few busy lanes, many thin ones.
            let lane =
                Bool.random(using: &random)
                ? Int.random(in: 62..<66, using: &random) : Int.random(in: 0..<LaneSet.laneCount, using: &random)
            let admission = writer.commit("{\"timestamp\":\(sent[lane]),\"lane\":\(lane)}", lane: lane)
            if admission == .accepted { sent[lane] += 1 }
        }
        if Int.random(in: 0..<100, using: &random) == 0 { partitions += 1 }
        seal()
    }

    mutating func seal() {
        for batch in writer.sealAll(partitions: partitions, now: now) { handOver(batch) }
    }

    mutating func settle(atMost count: Int) {
        for _ in 0..<count where !inFlight.isEmpty {
            let batch = inFlight.remove(at: Int.random(in: 0..<inFlight.count, using: &random))
            for text in batch.texts { unsettled[Traffic.parse(text).lane] -= 1 }
            writer.settled(batch)
        }
    }

    /// Nothing new comes; what is there goes out.
    mutating func drain() {
        var rounds = 0
        while writer.heldBytes > 0 || !inFlight.isEmpty {
            settle(atMost: 10)
            now += 1_000_000
            seal()
            rounds += 1
            if rounds > 100_000 {
                faults.append("held batches never went out")
                return
            }
        }
        if lastSeen != sent.map({ $0 - 1 }) { faults.append("logs were lost") }
    }

    private mutating func handOver(_ batch: Batch) {
        if batch.count == 0 { faults.append("an empty batch") }
        used.insert(batch.partition)
        if batch.partition >= partitions { faults.append("no such partition") }
        for text in batch.texts {
            let (number, lane) = Traffic.parse(text)
            if number != lastSeen[lane] + 1 { faults.append("lane \(lane): \(number) after \(lastSeen[lane])") }
            lastSeen[lane] = number
            if partitionOf[lane] != batch.partition {
                if unsettled[lane] > 0 { faults.append("lane \(lane) moved with \(unsettled[lane]) in flight") }
                partitionOf[lane] = batch.partition
                moves += 1
            }
            unsettled[lane] += 1
        }
        inFlight.append(batch)
    }

    private static func parse(_ text: String) -> (number: Int, lane: Int) {
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        return (numbers[0], numbers[1])
    }
}

struct LaneOrderTests {
    @Test(arguments: 0..<12, [0, 3_000_000])
    func eachLanesOrderIsKeptWhateverSettlesAndMoves(seed: Int, gatherTime: UInt64) {
        var random = Seeded(UInt64(seed) + 1_000)
        var traffic = Traffic(seed: seed, gatherTime: gatherTime)
        for tick in 0..<1_500 {
            // Busy and idle stretches, and stretches in which hardly anything is settled.
            let busy = tick / 100 % 3 != 0
            traffic.tick(logs: Int.random(in: 0..<(busy ? 30 : 2), using: &random))
            traffic.settle(atMost: Int.random(in: 0..<(tick / 70 % 4 == 0 ? 2 : 12), using: &random))
        }
        traffic.drain()
        let faults = traffic.faults
        #expect(faults.isEmpty, "\(faults.prefix(3))")
        let moves = traffic.moves
        #expect(moves > 20)
        let used = traffic.used.count
        #expect(used > 3)
    }

    @Test func aBusyLaneWaitsAndIdleOnesDoNot() {
        var configuration = PartitionPlan.Configuration()
        configuration.seed = 2
        var plan = PartitionPlan(loop: 0, configuration: configuration)
        var busy = LaneSet()
        busy.insert(5)
        plan.handedOver(busy)
        let rerouted = plan.review(partitions: 3, logs: 0, bytes: 0, now: 0)
        #expect(rerouted)
        #expect(plan.route(of: 5) == .held(from: 0, to: 2))
        #expect(plan.route(of: 6) == .partition(2))
        let early = plan.completeMoves()
        #expect(!early)
        plan.settled(busy)
        let completed = plan.completeMoves()
        #expect(completed)
        #expect(plan.route(of: 5) == .partition(2))
    }

    @Test func aLaneFromAStuckPartitionKeepsNoOther() {
        var configuration = PartitionPlan.Configuration()
        configuration.logsPerPartition = 1
        configuration.reviewInterval = 1
        configuration.seed = 3
        var plan = PartitionPlan(loop: 0, configuration: configuration)
        _ = plan.review(partitions: 2, logs: 0, bytes: 0, now: 0)
        _ = plan.review(partitions: 2, logs: 1_000, bytes: 0, now: 1_000_000_000)
        #expect([plan.route(of: 0), plan.route(of: 1)] == [.partition(1), .partition(0)])
        var stuck = LaneSet()
        stuck.insert(0)
        var healthy = LaneSet()
        healthy.insert(1)
        plan.handedOver(stuck)
        plan.handedOver(healthy)
        _ = plan.review(partitions: 5, logs: 1_000, bytes: 0, now: 2_000_000_000)
        #expect([plan.route(of: 0), plan.route(of: 1)] == [.held(from: 1, to: 3), .held(from: 0, to: 4)])
        plan.settled(healthy)
        let completed = plan.completeMoves()
        #expect(completed)
        #expect([plan.route(of: 0), plan.route(of: 1)] == [.held(from: 1, to: 3), .partition(4)])
    }

    @Test func thinTrafficUsesOnePartitionAndHeavyTrafficAll() {
        var configuration = PartitionPlan.Configuration()
        configuration.reviewsPerRotation = 1_000
        var plan = PartitionPlan(loop: 0, configuration: configuration)
        func partitions() -> Set<PartitionPlan.Route> { Set((0..<64).map { plan.route(of: $0) }) }
        var second: UInt64 = 0
        func pass(logs: Int, bytes: Int) {
            second += 1
            _ = plan.review(partitions: 12, logs: logs, bytes: bytes, now: second * 1_000_000_000)
        }
        pass(logs: 10, bytes: 10)
        pass(logs: 10, bytes: 10)
        #expect(partitions().count == 1)
        pass(logs: 120_000, bytes: 10)
        #expect(partitions().count == 3)
        pass(logs: 10, bytes: 45 * 1024 * 1024)
        #expect(partitions().count == 5)
        pass(logs: 2_000_000, bytes: 0)
        #expect(partitions().count == 12)
        for _ in 0..<10 { pass(logs: 80_000, bytes: 0) }
        #expect(partitions().count == 2)
    }

    @Test func theWindowWandersOverAllPartitionsEvenly() {
        var configuration = PartitionPlan.Configuration()
        configuration.reviewsPerRotation = 1
        var plan = PartitionPlan(loop: 0, configuration: configuration)
        var seen: [PartitionPlan.Route: Int] = [:]
        for second in 0...12 {
            _ = plan.review(partitions: 12, logs: 1, bytes: 1, now: UInt64(second) * 1_000_000_000)
            if second > 0 { seen[plan.route(of: 0), default: 0] += 1 }
        }
        #expect(seen.count == 12)
        #expect(seen.values.allSatisfy { $0 == 1 })
    }

    @Test func loopsBeginAtDifferentPartitions() {
        let starts = (0..<4).map { loop in
            var plan = PartitionPlan(loop: loop, configuration: PartitionPlan.Configuration())
            _ = plan.review(partitions: 12, logs: 0, bytes: 0, now: 0)
            return plan.route(of: 0)
        }
        #expect(Set(starts).count == 4)
    }

    @Test func aSteadyLaneHasOnePartitionInEveryLoopHoweverTheTrafficChanges() {
        var configuration = PartitionPlan.Configuration()
        configuration.reviewsPerRotation = 1
        configuration.seed = 5
        var plans = (0..<3).map { PartitionPlan(loop: $0, configuration: configuration) }
        let steady = LaneSet.firstSteady..<LaneSet.laneCount
        for second in UInt64(0)...40 {
            for index in plans.indices {
                // Thin and heavy traffic, at another time in each loop.
                let logs = (Int(second) + 7 * index) % 20 < 10 ? 10 : 500_000
                _ = plans[index].review(partitions: 12, logs: logs, bytes: 0, now: second * 1_000_000_000)
                for lane in steady {
                    #expect(plans[index].route(of: lane) == .partition(Int32((5 + lane - LaneSet.firstSteady) % 12)))
                }
            }
        }
        let wandering = Set(plans.map { $0.route(of: 0) })
        #expect(wandering.count > 1)
    }

    @Test func aSteadyLaneFollowsTheNumberOfPartitionsWhenItsRecordsAreStored() {
        var plan = PartitionPlan(loop: 0, configuration: PartitionPlan.Configuration())
        _ = plan.review(partitions: 4, logs: 0, bytes: 0, now: 0)
        let lane = LaneSet.firstSteady + 5
        #expect(plan.route(of: lane) == .partition(1))
        var busy = LaneSet()
        busy.insert(lane)
        plan.handedOver(busy)
        _ = plan.review(partitions: 6, logs: 0, bytes: 0, now: 1)
        #expect(plan.route(of: lane) == .held(from: 1, to: 5))
        #expect(plan.route(of: lane + 6) == .partition(5))
        plan.settled(busy)
        let completed = plan.completeMoves()
        #expect(completed)
        #expect(plan.route(of: lane) == .partition(5))
    }

    @Test func aSetOfLanesHoldsWhatWasPutIn() {
        var set = LaneSet()
        var lanes = [127, 0, 64, 63, 65, 9]
        for lane in lanes { set.insert(lane) }
        #expect((0..<LaneSet.laneCount).filter { set.contains($0) } == lanes.sorted())
        set.remove(64)
        lanes.removeAll { $0 == 64 }
        var other = LaneSet()
        other.insert(0)
        other.insert(64)
        other.insert(127)
        var both = set.intersection(other)
        let (first, second, third) = (both.popFirst(), both.popFirst(), both.popFirst())
        #expect([first, second, third] == [0, 127, nil])
        #expect(both.isEmpty && both == LaneSet())
        for lane in lanes.sorted() {
            let popped = set.popFirst()
            #expect(popped == lane)
        }
        #expect(set.isEmpty)
    }

    @Test func heldBytesMakeTheWriterUnready() {
        var writer = makeWriter {
            $0.maxHeldBytes = 1_000
            $0.partitioning.seed = 1
        }
        _ = writer.commit("first")
        let first = writer.sealAll(partitions: 2)
        #expect(first.map(\.partition) == [0])
        for _ in 0..<20 { _ = writer.commit("second") }
        let none = writer.sealAll(partitions: 2)
        #expect(none.isEmpty)
        #expect(writer.isReady == false)
        #expect(writer.waitingBytes == writer.heldBytes)
        writer.settleAll(first)
        let second = writer.sealAll(partitions: 2)
        #expect(second.map(\.partition) == [1])
        #expect(second.map(\.count) == [20])
        #expect(writer.isReady == true)
        #expect(writer.heldBytes == 0)
    }
}
