import Foundation
import Testing

@testable import Settings

/// `deploy/sluice.reference.yml` against what there is.
struct ReferenceFileTests {
    @Test func asItStandsItSaysTheDefaults() throws {
        var (file, defaults) = (try load(Self.text()), try load(""))
        // A limit that is said is not nil, whatever it says.
        let limits = Limits.all.map { file.access.limits[keyPath: $0.path] }
        #expect(limits == Array(repeating: 0, count: limits.count - 1) + [1000])
        file.access.limits = Limits()
        (file.origins, defaults.origins) = ([:], [:])
        #expect(Self.described(file) == Self.described(defaults))
        #expect(try warnings(Self.text()).isEmpty)
    }

    @Test func withEverythingSetItIsValidAndHasEveryKey() throws {
        let text = try Self.text().replacing(/(?m)^( *)#(?=[a-z_-])/) { $0.1 }
        let all = try load(text)
        let set = Set(all.origins.keys.map(Self.general))
        let report = SettingsReport(file: .none)
        let root = try YAMLTree.parse(Array(DocumentedKeysTests.everything.utf8)) { _, _ in .none }
        guard case .table(let table) = root.content else { return #expect(Bool(false)) }
        _ = Settings(table, report: report, elsewhere: { [] })
        let tables = Set(report.knownKeys.filter { $0.kind == .table }.map(\.key))
        let keys = Set(report.knownKeys.map(\.key)).subtracting(tables).filter { !DocumentedKeysTests.isForOthers($0) }
        let missing = Set(keys.map(Self.general)).subtracting(set)
        #expect(keys.count > 80 && missing.isEmpty, "not in sluice.reference.yml: \(missing.sorted())")
    }

    /// Lists without places, and what holds on three levels by its name at the first.
    private static func general(_ key: String) -> String {
        key.replacing(/\[[0-9]+\]/, with: "[]")
            .replacing(/^(listeners|routes)\[\]\.(?=origins|auth|limits)/, with: "")
    }

    private static func described(_ settings: Settings) -> [String] {
        var text = ""
        dump(settings, to: &text)
        return text.split(separator: "\n").map(String.init)
    }

    private static func text() throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../deploy/sluice.reference.yml")
        return try String(contentsOf: file, encoding: .utf8)
    }
}
