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
