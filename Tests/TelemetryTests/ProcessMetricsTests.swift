import Testing

@testable import Telemetry

struct ProcessMetricsTests {
    @Test func theStatLineIsReadBehindAnyName() throws {
        let line =
            "4242 (a (b) c) S 1 4242 4242 0 -1 4194304 900 0 3 0 250 50 0 0 20 0 7 0 123456 104857600 2560 "
            + "18446744073709551615 1 1 0 0 0 0"
        let stat = try #require(ProcessStat(line))
        #expect(stat.processorTicks == 300)
        #expect(stat.threads == 7)
        #expect(stat.startTicks == 123_456)
        #expect(stat.virtualBytes == 104_857_600)
        #expect(stat.residentPages == 2_560)
    }

    @Test(arguments: ["", "1 (a", "1 (a) S 1 2", "1 (a) S x x x x x x x x x x x x x x x x x x x x x x x"])
    func aLineThatIsNoneIsRefused(line: String) {
        #expect(ProcessStat(line) == nil)
    }

    @Test func theKernelsFilesAreUnderstood() {
        #expect(ProcessMetrics.bootTime("cpu 1 2\nintr 5\nbtime 1700000000\nprocesses 3\n") == 1_700_000_000)
        #expect(ProcessMetrics.bootTime("cpu 1\n") == nil)
        let limits = "Limit    Soft Limit   Hard Limit   Units\nMax open files            1024     524288    files \n"
        #expect(ProcessMetrics.descriptorLimit(limits) == 1_024)
        #expect(ProcessMetrics.descriptorLimit("Max open files   unlimited  unlimited files\n") == nil)
    }

    /// What took 10 ms is not asked for again within 10 s, and what took nothing always is.
    @Test func whatIsDearToCountIsCountedSeldom() {
        var rested = RestedCount()
        var (time, open, asked) = (Int64(5), 10, 0)
        func ask(costing nanoseconds: Int64) -> Int? {
            rested.value(now: { time }) {
                asked += 1
                time += nanoseconds
                return open
            }
        }
        let first = ask(costing: 10_000_000)
        open = 20
        time += 9_999_999_999
        let second = ask(costing: 10_000_000)
        #expect((first, second) == (10, 10))
        #expect(asked == 1)
        time += 1
        let third = ask(costing: 0)
        open = 30
        let fourth = ask(costing: 0)
        #expect((third, fourth) == (20, 30))
        #expect(asked == 3)
        // A machine that was busy meanwhile does not make it stand for ever.
        _ = ask(costing: 5_000_000_000)
        time += 60_000_000_000
        _ = ask(costing: 0)
        #expect(asked == 5)
    }

    @Test func aCountThatNobodyTellsIsAskedForAgain() {
        var rested = RestedCount()
        let unknown = rested.value(now: { 1 }) { nil }
        let known = rested.value(now: { 1 }) { 7 }
        #expect(unknown == nil)
        #expect(known == 7)
    }

    @Test func thisProcessIsDescribed() throws {
        let families = ProcessMetrics().families()
        #expect(
            families.map(\.name) == [
                "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes",
                "process_threads", "process_start_time_seconds", "process_open_fds", "process_max_fds",
            ]
        )
        for family in families where family.name != "process_max_fds" {
            let sample = try #require(family.samples.first, "\(family.name)")
            switch sample.value {
            case .count(let value): #expect(value > 0, "\(family.name)")
            case .real(let value): #expect(value > 0 && value < Double(WallClock.now()) / 1e9, "\(family.name)")
            case .signed, .histogram: Issue.record("\(family.name)")
            }
        }
    }
}
