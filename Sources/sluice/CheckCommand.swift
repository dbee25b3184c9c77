import KafkaFlusher
import LogPipeline
import Settings

/// `sluice check`: says all that is wrong with a configuration and with the files it names; opens no socket.
struct CheckCommand {
    let source: CommandLineArguments.Source

    func run() -> ExitStatus {
        guard let configuration = Configuration.load(source) else { return .usage }
        for warning in configuration.warnings { StandardError.write("warning: \(warning)") }
        let findings = configuration.destination.check(configuration.settings)
        for warning in findings.warnings { StandardError.write("warning: \(warning)") }
        let errors = entranceFaults(configuration) + findings.errors.map { "\(configuration.name): \($0)" }
        for error in errors { StandardError.write(error) }
        guard errors.isEmpty else { return .usage }
        print("\(configuration.name): the configuration is valid")
        return .success
    }

    private func entranceFaults(_ configuration: Configuration) -> [String] {
        do throws(ConfigurationFaults) {
            for warning in try Entrance(configuration.settings).warnings { StandardError.write("warning: \(warning)") }
            return []
        } catch {
            return error.faults.map(configuration.describe)
        }
    }
}
