import Foundation
import Settings

/// The settings of one run, read from the file, the environment and the command line.
struct Configuration {
    let name: String
    let settings: Settings
    let warnings: [String]

    var destination: Destination { Destination(settings.output) }

    /// A fault with the place of its setting, as the faults of the file itself are said.
    func describe(_ fault: ConfigurationFault) -> String {
        let place = settings.origin(of: fault.setting)?.description ?? ""
        return "\(place.isEmpty ? name : place): \(fault)"
    }

    /// Everything that is wrong with the settings and with the files they name, and what is doubtful. Opens no socket.
    func findings() -> (errors: [String], warnings: [String]) {
        let output = destination.check(settings)
        var (errors, warnings) = ([String](), warnings + output.warnings)
        do throws(ConfigurationFaults) {
            warnings += try Entrance(settings).warnings
        } catch {
            errors += error.faults.map(describe)
        }
        return (errors + output.errors.map { "\(name): \($0)" }, warnings)
    }

    /// - Throws: everything that is wrong with the settings themselves, at once.
    static func read(
        _ source: CommandLineArguments.Source,
        _ variables: [String]? = nil
    ) throws(SettingsErrors) -> Configuration {
        let all = ProcessInfo.processInfo.environment
        let (settings, warnings) = try Settings.load(
            file: source.config,
            overrides: source.overrides,
            environment: variables.map { names in all.filter { names.contains($0.key) } } ?? all
        )
        return Configuration(
            name: source.config ?? "the default configuration",
            settings: settings,
            warnings: warnings
        )
    }

    /// What a health check in a container needs: without a file only `SLUICE_ADMIN` counts, since the other variables
    /// may make no sense without one.
    static func loadAdmin(_ source: CommandLineArguments.Source) -> Configuration? {
        let isAlone = source.config == nil && source.overrides.isEmpty
        return load(source, isAlone ? ["SLUICE_ADMIN"] : nil)
    }

    /// Nil after all that is wrong has been said.
    ///
    /// - Parameter variables: those of the environment that count; nil: all.
    static func load(_ source: CommandLineArguments.Source, _ variables: [String]? = nil) -> Configuration? {
        do throws(SettingsErrors) {
            return try read(source, variables)
        } catch {
            StandardError.write(error.description)
            return nil
        }
    }
}
