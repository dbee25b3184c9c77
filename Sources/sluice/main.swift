import Foundation
import Settings

// No `await` at this level: it would start threads before the first line has run, and the signals must be blocked
// before there is any, since each thread inherits what is blocked where it is started.
Signals.ignoreBrokenPipes()

do throws(CommandLineError) {
    let arguments = try CommandLineArguments(Array(CommandLine.arguments.dropFirst()))
    switch arguments.command {
    case .help(let name):
        print(HelpText.of(name))
    case .version:
        print("sluice \(Version.number) (\(BuildInfo.summary))")
    case .check(let arguments):
        exit(CheckCommand(arguments: arguments).run().rawValue)
    case .reload(let target):
        exit((AdminQuestion(target)?.reload() ?? .usage).rawValue)
    case .ready(let target, let isLive):
        guard let question = AdminQuestion(target) else { exit(ExitStatus.usage.rawValue) }
        exit((isLive ? question.live() : question.ready()).rawValue)
    case .send(let arguments):
        exit(SendCommand(arguments: arguments).run().rawValue)
    case .serve(let source):
        Signals.block()
        let (signals, wishes) = AsyncStream.makeStream(of: Signals.Wish.self)
        Task.detached { exit(await ServeCommand(source: source).run(signals).rawValue) }
        // Not dispatchMain: on Linux it leaves a thread behind that blocks nothing.
        Signals.wait(wishes)
    }
} catch {
    StandardError.write("sluice: \(error)")
    exit(ExitStatus.usage.rawValue)
}
