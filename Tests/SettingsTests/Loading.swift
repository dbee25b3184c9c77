import Settings

func load(
    _ yaml: String,
    _ overrides: [String] = [],
    environment: [String: String] = [:]
) throws(SettingsErrors) -> Settings {
    try Settings.load(text: Array(yaml.utf8), name: "a.yml", overrides: overrides, environment: environment).settings
}

func warnings(_ yaml: String, environment: [String: String] = [:]) throws(SettingsErrors) -> [String] {
    try Settings.load(text: Array(yaml.utf8), name: "a.yml", environment: environment).warnings
}

/// Every error as it is printed; empty when there is none.
func errors(_ yaml: String, _ overrides: [String] = [], environment: [String: String] = [:]) -> [String] {
    do throws(SettingsErrors) {
        _ = try load(yaml, overrides, environment: environment)
        return []
    } catch {
        return error.errors.map(\.description)
    }
}

extension Settings {
    var kafka: KafkaOutput? {
        if case .kafka(let kafka) = output { kafka } else { nil }
    }
}
