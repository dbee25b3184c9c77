/// Writes the steps of a schedule: episodes that may overlap, each from something that breaks to its mending.
struct FaultScript {
    private(set) var end = 0
    private var random: SplitMix64
    private let setting: FaultSetting
    private let target: FaultSchedule.Target
    private var steps: [FaultSchedule.Step] = []
    private var partitions: Int

    init(random: SplitMix64, setting: FaultSetting, target: FaultSchedule.Target) {
        self.random = random
        self.setting = setting
        self.target = target
        partitions = setting.partitions
    }

    /// By time; steps of the same time in the order in which they were written.
    var sortedSteps: [FaultSchedule.Step] {
        steps.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    mutating func write() {
        end = target == .mock ? random.number(in: 3_000...6_000) : random.number(in: 6_000...12_000)
        let episodes = random.number(in: 2...6)
        for _ in 0..<episodes {
            switch target {
            case .mock: writeMockEpisode()
            case .kafka: writeKafkaEpisode()
            }
        }
        for _ in 0..<random.number(in: 1...3) { writeClientEpisode() }
        if random.happens(30) { add(.endGateway, at: moment()) }
        if random.happens(30) { add(.killGateway, at: moment()) }
    }

    private mutating func moment() -> Int { random.number(in: 300...end) }

    private mutating func add(_ fault: Fault, at: Int) {
        steps.append(FaultSchedule.Step(at: min(at, end), fault: fault))
    }

    private mutating func add(_ fault: Fault, until mending: Fault, after wait: ClosedRange<Int>) {
        let start = moment()
        add(fault, at: start)
        add(mending, at: start + random.number(in: wait))
    }

    private mutating func broker() -> Int { random.number(in: 0...FaultSchedule.brokers - 1) }
    private mutating func partition() -> Int { random.number(in: 0...partitions - 1) }
}

// Each kind of episode.
extension FaultScript {
    private mutating func writeClientEpisode() {
        let start = moment()
        for _ in 0..<random.number(in: 1...6) {
            let client = random.number(in: 0...19)
            let at = start + random.number(in: 0...400)
            switch random.number(in: 0...2) {
            case 0: add(.reset(client: client), at: at)
            case 1: add(.cut(client: client), at: at)
            default: add(.close(client: client), at: at)
            }
        }
    }

    private mutating func writeMockEpisode() {
        switch random.number(in: 0...9) {
        case 0, 1:
            let broker = broker()
            add(.kill(broker: broker), until: .start(broker: broker), after: 100...2_500)
        case 2:
            let start = moment()
            for broker in 0..<FaultSchedule.brokers {
                add(.kill(broker: broker), at: start)
                add(.start(broker: broker), at: start + random.number(in: 200...2_500))
            }
        case 3: add(.freeze(broker: 0), until: .thaw(broker: 0), after: 100...3_500)
        case 4: writeLeaderMoves(within: 1_000)
        case 5:
            let partition = partition()
            add(
                .removeLeader(partition: partition),
                until: .moveLeader(partition: partition, to: broker()),
                after: 100...2_000
            )
        case 6: writeRefusals()
        case 7: add(.refuse(.produce, code: Fault.disconnection, count: random.number(in: 1...4)), at: moment())
        case 8:
            let broker = broker()
            let milliseconds = random.number(in: 20...1_500)
            add(
                .delay(broker: broker, milliseconds: milliseconds),
                until: .delay(broker: broker, milliseconds: 0),
                after: 200...2_500
            )
        default:
            add(
                .spoilMetadata(code: random.one(of: [3, 5, 29])),
                until: .spoilMetadata(code: 0),
                after: 100...2_000
            )
        }
    }

    private mutating func writeLeaderMoves(within milliseconds: Int) {
        let start = moment()
        for _ in 0..<random.number(in: 1...6) {
            add(.moveLeader(partition: partition(), to: broker()), at: start + random.number(in: 0...milliseconds))
        }
    }

    /// Kafka's codes, of which some are nobody's fault (3 and on), some blame a record (2, 10, 87) and some end the
    /// producer (45, 47, 59).
    private mutating func writeRefusals() {
        let start = moment()
        let code = random.one(of: [2, 3, 5, 6, 7, 10, 13, 19, 20, 29, 31, 45, 47, 56, 59, 87])
        add(.refuse(.produce, code: code, count: random.one(of: [1, 2, 3, 6, 20])), at: start)
        guard code == 45 || code == 47 || code == 59, random.happens(50) else { return }
        // The producer that takes over is not welcome either.
        let refusal = random.one(of: [14, 15, 16, 29, 31, 53])
        add(.refuse(.initProducerID, code: refusal, count: random.number(in: 1...3)), at: start)
    }

    private mutating func writeKafkaEpisode() {
        let broker = broker()
        switch random.number(in: 0...9) {
        case 0, 1: add(.kill(broker: broker), until: .start(broker: broker), after: 500...5_000)
        case 2: add(.shutDown(broker: broker), until: .start(broker: broker), after: 1_000...5_000)
        case 3, 4: add(.freeze(broker: broker), until: .thaw(broker: broker), after: 300...7_000)
        case 5:
            let start = moment()
            for broker in 0..<FaultSchedule.brokers {
                add(.kill(broker: broker), at: start)
                add(.start(broker: broker), at: start + random.number(in: 500...4_000))
            }
        case 6, 7: writeLeaderMoves(within: 2_000)
        case 8:
            partitions += random.number(in: 1...3)
            add(.grow(partitions: partitions), at: moment())
        default: add(.remakeTopic(partitions: random.number(in: 1...3)), at: moment())
        }
    }
}
