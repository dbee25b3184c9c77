import Testing

/// A schedule is a value that follows from its seed.
struct FaultScheduleValueTests {
    /// The first values of the reference implementation for the seed 1234567 (prng.di.unimi.it/splitmix64.c).
    @Test func theGeneratorIsTheOneThatIsPublished() {
        var random = SplitMix64(seed: 1_234_567)
        let values = (0..<5).map { _ in random.next() }
        #expect(
            values == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test(arguments: [FaultSchedule.Target.mock, .kafka])
    func theSameSeedGivesTheSameScheduleAndAnotherAnother(target: FaultSchedule.Target) {
        for seed in UInt64(1)...50 {
            let schedule = FaultSchedule(seed: seed, target: target)
            #expect(schedule == FaultSchedule(seed: seed, target: target))
            #expect(schedule != FaultSchedule(seed: seed + 1, target: target))
            #expect("\(schedule)" == "\(FaultSchedule(seed: seed, target: target))")
        }
    }

    @Test(arguments: [FaultSchedule.Target.mock, .kafka])
    func stepsRiseAndStayWithinTheSchedule(target: FaultSchedule.Target) {
        for seed in UInt64(1)...500 {
            let schedule = FaultSchedule(seed: seed, target: target)
            #expect(!schedule.steps.isEmpty)
            #expect(zip(schedule.steps, schedule.steps.dropFirst()).allSatisfy { $0.at <= $1.at })
            #expect(schedule.steps.allSatisfy { (300...schedule.end).contains($0.at) })
        }
    }

    /// Every kind of fault that a target knows is in some schedule.
    @Test func fewSchedulesAreEnoughToSeeEveryKindOfFault() {
        func kinds(_ target: FaultSchedule.Target) -> Set<String> {
            let steps = (UInt64(1)...100).flatMap { FaultSchedule(seed: $0, target: target).steps }
            return Set(steps.map { "\($0.fault)".filter { !$0.isNumber && $0 != "-" } })
        }
        #expect(kinds(.mock).count == 16, "\(kinds(.mock))")
        #expect(kinds(.kafka).count == 13, "\(kinds(.kafka))")
    }
}
