extension Settings {
    /// Reads the settings: the file, over it `SLUICE_…` variables, over these `-E key=value`.
    ///
    /// - Parameters:
    ///   - file: a YAML file; nil for defaults only.
    ///   - overrides: `key=value` each, the value in YAML, the key with dots.
    ///   - environment: for `SLUICE_…` and for `${NAME}`.
    /// - Throws: everything that is wrong, at once.
    package static func load(
        file: String?,
        overrides: [String] = [],
        environment: [String: String] = [:]
    ) throws(SettingsErrors) -> (settings: Settings, warnings: [String]) {
        guard let file else { return try load(text: [], name: nil, overrides: overrides, environment: environment) }
        let text: [UInt8]
        do throws(SettingsError) {
            text = try FileText.read(file)
        } catch {
            throw SettingsErrors([error])
        }
        // Nobody means that: it was cut off while it was written, or is a pipe that was read before. What holds without
        // a file would let everybody in.
        guard !text.isEmpty else {
            let why = "it is empty; for the defaults leave the file out, or put a comment into it"
            throw SettingsErrors([SettingsError(origin: .none, key: file, problem: .unreadable(why))])
        }
        return try load(text: text, name: file, overrides: overrides, environment: environment)
    }

    /// The same from a text; `name` is what errors call it.
    package static func load(
        text: [UInt8],
        name: String?,
        overrides: [String] = [],
        environment: [String: String] = [:]
    ) throws(SettingsErrors) -> (settings: Settings, warnings: [String]) {
        let report = SettingsReport(file: name.map { .file($0, line: 1, column: 1) } ?? .none)
        var table = readTable(text, name: name ?? "settings", report)
        let external = ExternalSettings(knownKeys: knownKeys)
        for (path, node) in external.environment(environment, report) { table.override(path[...], node) }
        for (path, node) in external.overrides(overrides, report) { table.override(path[...], node) }
        table = expand(table, environment, report)
        var settings = Settings(table, report: report, elsewhere: { knownKeys.map(\.key) })
        guard report.errors.isEmpty else { throw SettingsErrors(report.sortedErrors) }
        settings.origins = report.origins
        return (settings, report.warnings)
    }

    /// Where a key was written, or the nearest one around it; for faults that show when the setting is used.
    package func origin(of key: String) -> SettingOrigin? {
        var key = key[...]
        while !key.isEmpty {
            if let origin = origins[String(key)] { return origin }
            guard let end = key.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
            key = key[..<end]
        }
        return nil
    }

    private static func readTable(_ text: [UInt8], name: String, _ report: SettingsReport) -> SettingTable {
        do throws(SettingsErrors) {
            let root = try YAMLTree.parse(text) { .file(name, line: $0, column: $1) }
            switch root.content {
            case .table(let table): return table
            case .null: return SettingTable()
            case .scalar, .list:
                report.fail("", at: root.origin, .wrongKind(expected: "a table of keys", found: root.kind))
            }
        } catch {
            report.add(error.errors)
        }
        return SettingTable()
    }

    private static func expand(
        _ table: SettingTable,
        _ environment: [String: String],
        _ report: SettingsReport
    ) -> SettingTable {
        let expansion = VariableExpansion(environment: environment)
        return table.mapScalars(in: "") { key, origin, text in
            do throws(VariableExpansion.Fault) {
                return try expansion.expand(text)
            } catch {
                report.fail(key, at: origin, error.problem)
                return text
            }
        }
    }

    /// Every key there is, found by reading a table in which every table that can be there is there.
    static let knownKeys: [(key: String, kind: SettingsReport.KeyKind)] = {
        let report = SettingsReport(file: .none)
        var table = SettingTable()
        let empty = SettingNode(origin: .none, content: .table(SettingTable()))
        for key in [
            "logging", "output.kafka.metadata", "output.kafka.backoff", "output.kafka.sasl", "output.kafka.ssl",
            "output.kafka.partition", "output.kafka.librdkafka", "output.console", "auth.jwt", "limits",
            "dead_letters", "kafka_metrics",
        ] {
            table.override(key.split(separator: ".").map(String.init)[...], empty)
        }
        _ = Settings(table, report: report, elsewhere: { [] })
        return report.knownKeys
    }()
}
