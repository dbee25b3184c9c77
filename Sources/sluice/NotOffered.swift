import Settings

/// Settings that are read and that nothing honours yet: whoever asks for them is told, and Sluice does not start without.
enum NotOffered {
    static func faults(_ settings: Settings) -> [ConfigurationFault] {
        let proxied = settings.listeners.indices.filter { settings.listeners[$0].isProxied }
        let sources = settings.routes.indices.filter { settings.routes[$0].source != .none }
        let keys = proxied.map { "listeners[\($0)].proxy_protocol" } + sources.map { "routes[\($0)].source" }
        return keys.map { ConfigurationFault(setting: $0, detail: "is not there yet; it comes with a later version") }
    }
}
