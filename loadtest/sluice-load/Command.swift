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
            case .run(let arguments): return run(arguments)
            }
        } catch {
            Output.error("sluice-load: \(error)\n")
            return 2
        }
    }

    private static func run(_ arguments: Arguments) -> Int32 {
        DescriptorLimit.raise()
        Interruption.watch()
        do {
            let addresses = try SocketAddress.resolve(host: arguments.url.host, port: arguments.url.port)
            var generator = try Generator(arguments, addresses: addresses, run: try Generator.makeRun())
            let report = generator.run()
            generator.progress.end()
            Output.standard(arguments.json ? report.json : report.table)
            return report.isClean ? 0 : 1
        } catch {
            Output.error("sluice-load: \(error)\n")
            return 1
        }
    }
}
