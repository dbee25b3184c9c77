internal import Crypto
internal import Glibc
internal import Reactor

/// The command: from its words to its exit status.
enum Command {
    /// - Returns: the exit status.
    static func run(_ words: [String]) -> Int32 {
        do throws(UsageError) {
            switch try Arguments.parse(words) {
            case .help:
                Output.standard(HelpText.text)
                return 0
            case .run(let arguments): return run(arguments, words)
            }
        } catch {
            Output.error("sluice-load: \(error)\n")
            return 2
        }
    }

    private static func run(_ arguments: Arguments, _ words: [String]) -> Int32 {
        DescriptorLimit.raise()
        Interruption.watch()
        do {
            let page = try arguments.report.map { path in try PageFile(path) }
            var run = try LoadRun(try RunSetup(arguments, run: try makeRun()))
            let report = run.run()
            Output.standard(arguments.json ? report.json : report.table)
            try page?.write(ReportPage(report: report, command: ShownCommand.text(words)).html)
            return report.isClean ? 0 : 1
        } catch let error as UsageError {
            Output.error("sluice-load: \(error)\n")
            return 2
        } catch {
            Output.error("sluice-load: \(error)\n")
            return 1
        }
    }

    /// Digits that no other run has, as far as chance allows.
    private static func makeRun() throws -> [UInt8] {
        try SecureRandom.bytes(4).flatMap { byte in
            [byte >> 4, byte & 15].map { $0 < 10 ? UInt8(ascii: "0") + $0 : UInt8(ascii: "a") + $0 - 10 }
        }
    }
}
