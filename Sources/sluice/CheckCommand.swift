import Settings

/// `sluice check`: says all that is wrong with a configuration and with the files it names, and what a reload would
/// change. Opens no socket but to ask a gateway that runs.
struct CheckCommand {
    let arguments: CommandLineArguments.Check

    func run() -> ExitStatus {
        guard let configuration = Configuration.load(arguments.source) else { return .usage }
        let (errors, warnings) = configuration.findings()
        for warning in warnings { StandardError.write("warning: \(warning)") }
        for error in errors { StandardError.write(error) }
        guard errors.isEmpty else { return .usage }
        print("\(configuration.name): the configuration is valid")
        switch arguments.comparison {
        case nil: return .success
        case .file(let file): return compare(configuration, with: file)
        case .running: return AdminQuestion(.settings(configuration)).reload(isTrial: true)
        }
    }

    private func compare(_ configuration: Configuration, with file: String) -> ExitStatus {
        let source = CommandLineArguments.Source(config: file, overrides: arguments.source.overrides)
        guard let other = Configuration.load(source) else { return .usage }
        let changes = other.settings.changes(to: configuration.settings)
        for change in changes { print(change) }
        if changes.isEmpty { print("\(file) says the same") }
        return .success
    }
}
