import Settings

/// Settings that are read and that nothing honours yet: whoever asks for them is told, and Sluice does not start without.
enum NotOffered {
    static func faults(_ settings: Settings) -> [ConfigurationFault] {
        let sources = settings.routes.indices.filter { settings.routes[$0].source != .none }
        return sources.map { index in
            ConfigurationFault(
                setting: "routes[\(index)].source",
                detail: "is not there yet; it comes with a later version"
            )
        }
    }
}
