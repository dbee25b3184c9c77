/// Settings from outside the file: `SLUICE_…` variables and `-E key=value`.
struct ExternalSettings {
    private static let prefix = "SLUICE_"
    /// What `sluice send` reads.
    private static let tokenVariable = "SLUICE_TOKEN"

    private let kinds: [String: SettingsReport.KeyKind]
    private let variables: [String: String]

    init(knownKeys: [(key: String, kind: SettingsReport.KeyKind)]) {
        kinds = Dictionary(knownKeys.map { ($0.key, $0.kind) }, uniquingKeysWith: { first, _ in first })
        variables = Dictionary(
            knownKeys.map { (Self.variable($0.key), $0.key) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// `output.kafka.hosts` as a variable: `SLUICE_OUTPUT_KAFKA_HOSTS`.
    static func variable(_ key: String) -> String {
        prefix + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    /// What the environment sets, in the order of the names. An unknown `SLUICE_` variable is a warning: Kubernetes
    /// makes some for every service called sluice.
    func environment(_ environment: [String: String], _ report: SettingsReport) -> [([String], SettingNode)] {
        var found: [([String], SettingNode)] = []
        let ours = environment.filter { $0.key.hasPrefix(Self.prefix) && $0.key != Self.tokenVariable }
        for (name, value) in ours.sorted(by: { $0.key < $1.key }) {
            guard let key = variables[name] else {
                let hint = NearestName.of(name, among: variables.keys.sorted()).map { "; did you mean \($0)?" } ?? ""
                report.warn("the environment variable \(name) is no setting\(hint)")
                continue
            }
            let origin = SettingOrigin.environment(name)
            // A single value is taken as it is: a password may hold what YAML reads as a comment.
            let isYAML =
                kinds[key] == .table || (kinds[key] == .list && (value.hasPrefix("[") || value.hasPrefix("- ")))
            if !isYAML {
                found.append((Self.path(key), SettingNode(origin: origin, content: .scalar(value))))
            } else if let node = parse(value, key: key, origin: origin, report) {
                found.append((Self.path(key), node))
            }
        }
        return found
    }

    /// What `-E key=value` sets, in their order: the last wins.
    func overrides(_ overrides: [String], _ report: SettingsReport) -> [([String], SettingNode)] {
        overrides.compactMap { text in
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                report.fail("", at: .override, .syntax("\"\(text)\" is not key=value"))
                return nil
            }
            let key = String(text[..<equals])
            let path = Self.path(key)
            guard !path.contains("") else {
                report.fail(key, at: .override, .syntax("a key with an empty part"))
                return nil
            }
            return parse(String(text[text.index(after: equals)...]), key: key, origin: .override, report).map {
                (path, $0)
            }
        }
    }

    private static func path(_ key: String) -> [String] {
        key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    private func parse(
        _ value: String,
        key: String,
        origin: SettingOrigin,
        _ report: SettingsReport
    ) -> SettingNode? {
        do throws(SettingsErrors) {
            return try YAMLTree.parse(Array(value.utf8), prefix: key) { _, _ in origin }
        } catch {
            report.add(error.errors)
            return nil
        }
    }
}
