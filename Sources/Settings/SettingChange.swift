/// One setting that another reading of the settings says otherwise.
package struct SettingChange: Equatable, Sendable, CustomStringConvertible {
    package enum Effect: Sendable {
        /// As soon as the settings are read again.
        case live
        case restart
    }

    /// The whole key; listeners go by their address and routes by their path: `routes[/logs].max_len`.
    package let key: String
    /// As a person writes it, a secret as `***`. Nil: the whole route or listener is new.
    package let old: String?
    /// Nil: it is gone.
    package let new: String?
    package let effect: Effect

    /// What changes, without its key.
    package var text: String {
        switch (old, new) {
        case (nil, _): "added"
        case (_, nil): "removed"
        case (let old?, let new?): old == new ? "\(new), another one than before" : "\(old) -> \(new)"
        }
    }

    /// `max_len: 960KiB -> 1MiB, live`.
    package var description: String {
        "\(key): \(text), \(effect == .live ? "live" : "takes effect after a restart")"
    }
}

extension Settings {
    /// What is different in other settings, in the order of the inventory. What only one of them has comes last.
    package func changes(to new: Settings) -> [SettingChange] {
        let (before, after) = (SettingInventory(self), SettingInventory(new))
        var changes: [SettingChange] = []
        for entry in after.entries {
            guard let old = before[entry.key], old.identity != entry.identity else { continue }
            changes.append(.init(key: entry.key, old: old.text, new: entry.text, effect: entry.effect))
        }
        for group in after.groups where !before.groups.contains(group) {
            changes.append(.init(key: group.key, old: nil, new: "", effect: group.effect))
        }
        for group in before.groups where !after.groups.contains(group) {
            changes.append(.init(key: group.key, old: "", new: nil, effect: group.effect))
        }
        return changes
    }
}
