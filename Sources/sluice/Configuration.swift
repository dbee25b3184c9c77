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

    /// Nil after all that is wrong has been said.
    static func load(_ source: CommandLineArguments.Source) -> Configuration? {
        do throws(SettingsErrors) {
            let (settings, warnings) = try Settings.load(
                file: source.config,
                overrides: source.overrides,
                environment: ProcessInfo.processInfo.environment
            )
            return Configuration(
                name: source.config ?? "the default configuration",
                settings: settings,
                warnings: warnings
            )
        } catch {
            StandardError.write(error.description)
            return nil
        }
    }
}
