/// Every setting by its key with its value as a person writes it, to be held against another reading of the settings.
struct SettingInventory {
    struct Entry {
        let key: String
        /// A secret as `***`.
        let text: String
        /// What tells it from another value.
        let identity: Secret
        let effect: SettingChange.Effect
    }

    /// What is there or not as a whole: a route, a listener, one side's `ssl`.
    struct Group: Hashable {
        let key: String
        let effect: SettingChange.Effect
    }

    private(set) var entries: [Entry] = []
    private(set) var groups: [Group] = []
    private var places: [String: Int] = [:]
    /// What stands in front of the keys that are added.
    private var prefix = ""
    private var effect = SettingChange.Effect.live

    subscript(key: String) -> Entry? { places[key].map { entries[$0] } }

    init(_ settings: Settings) {
        addTop(settings)
        add(settings.access)
        add(settings.deadLetters)
        var seen: [String: Int] = [:]
        for listener in settings.listeners {
            seen[listener.address.description, default: 0] += 1
            add(listener, occurrence: seen[listener.address.description] ?? 1)
        }
        for route in settings.routes { add(route) }
        within("kafka_metrics", .restart) { $0.add(settings.kafkaMetrics) }
        within("output", .restart) { $0.add(settings.output) }
    }

    /// Adds under a longer key.
    mutating func within(_ name: String, _ effect: SettingChange.Effect? = nil, _ body: (inout Self) -> Void) {
        let outer = (prefix, self.effect)
        prefix += prefix.isEmpty || name.hasPrefix("[") ? name : ".\(name)"
        self.effect = effect ?? self.effect
        body(&self)
        (prefix, self.effect) = outer
    }

    /// The same of what can be missing as a whole.
    mutating func group(_ name: String, _ effect: SettingChange.Effect? = nil, _ body: (inout Self) -> Void) {
        within(name, effect) { inner in
            inner.groups.append(Group(key: inner.prefix, effect: inner.effect))
            // What holds within it has its own effect.
            if effect != nil { inner.effect = .live }
            body(&inner)
        }
    }

    mutating func add(_ name: String, text: String, identity: String? = nil, _ effect: SettingChange.Effect? = nil) {
        let key = prefix.isEmpty ? name : "\(prefix).\(name)"
        places[key] = entries.count
        entries.append(
            Entry(key: key, text: text, identity: Secret(identity ?? text), effect: effect ?? self.effect)
        )
    }

    mutating func add(_ name: String, _ value: (some CustomStringConvertible)?, _ effect: SettingChange.Effect? = nil) {
        add(name, text: value?.description ?? "none", effect)
    }

    mutating func add(_ name: String, _ value: Bool, _ effect: SettingChange.Effect? = nil) {
        add(name, text: value ? "on" : "off", effect)
    }

    mutating func add(_ name: String, size: Int, _ effect: SettingChange.Effect? = nil) {
        add(name, text: ValueText.written(size: size), effect)
    }

    mutating func add(_ name: String, time: Duration, _ effect: SettingChange.Effect? = nil) {
        add(name, text: ValueText.written(time: time), effect)
    }

    mutating func add(_ name: String, list: [String]?, _ effect: SettingChange.Effect? = nil) {
        // Its length tells [a, b] from ["a, b"].
        let text = list.map { "[\($0.joined(separator: ", "))]" } ?? "none"
        add(name, text: text, identity: "\(list?.count ?? -1) \(text)", effect)
    }

    mutating func add(_ name: String, secret: Secret?, _ effect: SettingChange.Effect? = nil) {
        add(name, text: secret == nil ? "none" : "***", identity: secret.map { "+" + $0.value } ?? "", effect)
    }
}

extension ValueText {
    /// Bytes with the largest unit that leaves none over.
    static func written(size: Int) -> String {
        for (unit, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where size > 0 && size % factor == 0 {
            return "\(size / factor)\(unit)"
        }
        return String(size)
    }

    /// A time with the largest unit that leaves none over.
    static func written(time: Duration) -> String {
        let milliseconds = Int(time / .milliseconds(1))
        for (unit, factor) in [("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
        where milliseconds > 0 && milliseconds % factor == 0 {
            return "\(milliseconds / factor)\(unit)"
        }
        return milliseconds == 0 ? "0" : "\(milliseconds)ms"
    }
}
