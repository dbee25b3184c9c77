/// What goes wrong, and when: a value that follows from a seed alone.
struct FaultSchedule: Equatable, Sendable {
    enum Target: String, Sendable {
        /// librdkafka's mock cluster.
        case mock
        /// Apache Kafka.
        case kafka
    }

    struct Step: Equatable, Sendable {
        /// Milliseconds from the beginning.
        let at: Int
        let fault: Fault
    }

    static let brokers = 3

    let seed: UInt64
    let target: Target
    let setting: FaultSetting
    /// Rising by time. What they leave broken is mended afterwards.
    let steps: [Step]
    /// When the mending begins, milliseconds.
    let end: Int

    init(seed: UInt64, target: Target) {
        var random = SplitMix64(seed: seed)
        self.seed = seed
        self.target = target
        var setting = FaultSetting(random: &random)
        // By itself, so that everything else of a seed is what it was before there were dead letters.
        var coin = SplitMix64(seed: ~seed)
        setting.hasDeadLetters = coin.happens(50)
        self.setting = setting
        var script = FaultScript(random: random, setting: setting, target: target)
        script.write()
        steps = script.sortedSteps
        end = script.end
    }
}

extension FaultSchedule: CustomStringConvertible {
    var description: String {
        let lines = steps.map { step in
            let seconds = "\(step.at / 1_000).\(String(step.at % 1_000 + 1_000).dropFirst())"
            return "  \(seconds) s  \(step.fault)"
        }
        return "seed \(seed) on \(target.rawValue): \(setting)\n" + lines.joined(separator: "\n")
    }
}
