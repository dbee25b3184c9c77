import KafkaFlusher
import LogPipeline
import Settings

/// `sluice check`: says all that is wrong with a configuration, and connects to nothing.
struct CheckCommand {
    let source: CommandLineArguments.Source

    func run() -> ExitStatus {
        guard let configuration = Configuration.load(source) else { return .usage }
        for warning in configuration.warnings { StandardError.write("warning: \(warning)") }
        let findings = configuration.destination.check(configuration.settings)
        for warning in findings.warnings { StandardError.write("warning: \(warning)") }
        for error in findings.errors { StandardError.write("\(configuration.name): \(error)") }
        guard findings.errors.isEmpty else { return .usage }
        print("\(configuration.name): the configuration is valid")
        return .success
    }
}
