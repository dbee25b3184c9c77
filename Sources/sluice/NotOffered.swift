import Admission
import Settings

/// Settings that are read and that nothing honours yet: whoever asks for them is told, and Sluice does not start without.
enum NotOffered {
    static func faults(_ settings: Settings) -> [ConfigurationFault] {
        var keys: [String] = []
        for (index, listener) in settings.listeners.enumerated() {
            if listener.tls != nil { keys.append("listeners[\(index)].ssl") }
            if listener.isProxied { keys.append("listeners[\(index)].proxy_protocol") }
        }
        if !settings.trustedProxies.isEmpty { keys.append("trusted_proxies") }
        for (level, access) in settings.accessByLevel {
            if access.origins != nil { keys.append(level.key("origins")) }
            if access.auth != nil { keys.append(level.key("auth")) }
            if ConnectionLimits(access.limits) != ConnectionLimits() { keys.append(level.key("limits")) }
        }
        for (index, route) in settings.routes.enumerated() {
            if route.split != .none { keys.append("routes[\(index)].split") }
            if route.source != .none { keys.append("routes[\(index)].source") }
        }
        return keys.map { ConfigurationFault(setting: $0, detail: "is not there yet; it comes with a later version") }
    }
}
