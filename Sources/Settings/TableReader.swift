/// Takes typed values out of a table, notes every error in the report, and knows in the end which keys nobody asked
/// for.
struct TableReader {
    let key: String
    let report: SettingsReport
    private let table: SettingTable
    private let origin: SettingOrigin
    private var asked: [String] = []

    init(_ table: SettingTable, key: String, origin: SettingOrigin, report: SettingsReport) {
        self.table = table
        self.key = key
        self.origin = origin
        self.report = report
    }

    func whole(_ name: String) -> String { key.isEmpty ? name : "\(key).\(name)" }

    private mutating func entry(_ name: String, _ kind: SettingsReport.KeyKind) -> SettingTable.Entry? {
        asked.append(name)
        let entry = table[name]
        report.know(whole(name), kind, at: entry?.origin)
        return entry
    }

    private func wrongKind(_ name: String, _ node: SettingNode, expected: String) {
        report.fail(whole(name), at: node.origin, .wrongKind(expected: expected, found: node.kind))
    }

    // MARK: Single values

    /// The value, or nil where there is none or where it is wrong (which is then in the report).
    mutating func value<Value>(
        _ name: String,
        _ parse: (String) throws(ValueFault) -> Value
    ) -> Value? {
        guard let node = entry(name, .scalar)?.value, node.content != .null else { return nil }
        guard case .scalar(let text) = node.content else {
            wrongKind(name, node, expected: "a single value")
            return nil
        }
        do throws(ValueFault) {
            return try parse(text)
        } catch {
            report.fail(whole(name), at: node.origin, .invalid(error.message))
            return nil
        }
    }

    mutating func text(_ name: String) -> String? {
        value(name) { text throws(ValueFault) in
            guard !text.isEmpty else { throw ValueFault(message: "is empty; leave the key out instead") }
            return text
        }
    }

    mutating func secret(_ name: String) -> Secret? { text(name).map(Secret.init) }

    mutating func bool(_ name: String) -> Bool? { value(name, ValueText.bool) }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Choice.Type)
        -> Choice?
    {
        value(name) { text throws(ValueFault) in try ValueText.choice(text, type) }
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        value(name) { text throws(ValueFault) in
            let number = try ValueText.integer(text)
            guard range.contains(number) else {
                throw ValueFault(message: "\(number) is out of range: \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// Bytes.
    mutating func size(_ name: String, in range: ClosedRange<Int>) -> Int? {
        value(name) { text throws(ValueFault) in
            let bytes = try ValueText.size(text)
            guard range.contains(bytes) else {
                throw ValueFault(
                    message: "\(text) is out of range: \(range.lowerBound) to \(range.upperBound) bytes"
                )
            }
            return bytes
        }
    }

    mutating func duration(_ name: String, orOff: Bool = false, atMost limit: Duration = .seconds(7 * 86_400))
        -> Duration?
    {
        value(name) { text throws(ValueFault) in
            let time = try ValueText.duration(text)
            guard time <= limit else { throw ValueFault(message: "\(text) is longer than \(limit)") }
            guard time > .zero || orOff else { throw ValueFault(message: "must be longer than 0") }
            return time
        }
    }

    /// The name of a file; the file's content in its place is an error.
    mutating func file(_ name: String) -> String? {
        value(name) { text throws(ValueFault) in try Self.fileName(text) }
    }

    private static func fileName(_ text: String) throws(ValueFault) -> String {
        guard !text.isEmpty else { throw ValueFault(message: "is empty; leave the key out instead") }
        guard !text.hasPrefix("-----BEGIN"), !text.contains(where: \.isNewline) else {
            throw ValueFault(message: "takes the name of a file, not what stands in it")
        }
        return text
    }

    // MARK: Lists and tables

    /// A list of texts; a single text is split at its commas, unless it has lines (a PEM does).
    mutating func list(_ name: String) -> [(text: String, origin: SettingOrigin)] {
        guard let node = entry(name, .list)?.value else { return [] }
        switch node.content {
        case .null: return []
        case .scalar(let text) where text.contains("\n"): return [(text, node.origin)]
        case .scalar(let text):
            return text.split(separator: ",").map { (Self.trimmed($0), node.origin) }.filter { !$0.0.isEmpty }
        case .table:
            wrongKind(name, node, expected: "a list")
            return []
        case .list(let members):
            return members.compactMap { member in
                guard case .scalar(let text) = member.content else {
                    wrongKind(name, member, expected: "a list of single values")
                    return nil
                }
                guard !text.isEmpty else {
                    report.fail(whole(name), at: member.origin, .invalid("holds an empty text"))
                    return nil
                }
                return (text, member.origin)
            }
        }
    }

    /// A list of texts that must not be empty; nil where the key is missing.
    mutating func texts(_ name: String) -> [(text: String, origin: SettingOrigin)]? {
        let before = report.errors.count
        let texts = list(name)
        guard !isMissing(name) else { return nil }
        if texts.isEmpty && report.errors.count == before { fail(name, .invalid("is an empty list")) }
        return texts
    }

    /// A list of names of files.
    mutating func files(_ name: String) -> [String] {
        let named = texts(name) ?? []
        return named.compactMap { text, origin in
            do throws(ValueFault) {
                return try Self.fileName(text)
            } catch {
                report.fail(whole(name), at: origin, .invalid(error.message))
                return nil
            }
        }
    }

    /// Whether a key has one certain word in the place of a table.
    mutating func isWord(_ word: String, at name: String) -> Bool {
        guard table[name]?.value.content == .scalar(word) else { return false }
        return entry(name, .table) != nil
    }

    /// A table under a key; nil where there is none. An empty one is there.
    mutating func table(_ name: String) -> TableReader? {
        guard let entry = entry(name, .table) else { return nil }
        switch entry.value.content {
        case .table(let table): return TableReader(table, key: whole(name), origin: entry.origin, report: report)
        case .null: return TableReader(SettingTable(), key: whole(name), origin: entry.origin, report: report)
        case .scalar, .list:
            wrongKind(name, entry.value, expected: "a table of keys")
            return nil
        }
    }

    /// A list of tables; nil where the key is missing.
    mutating func tables(_ name: String) -> [TableReader]? {
        guard let node = entry(name, .list)?.value, node.content != .null else { return nil }
        guard case .list(let members) = node.content else {
            wrongKind(name, node, expected: "a list (lines that begin with \"-\")")
            return []
        }
        if members.isEmpty { report.fail(whole(name), at: node.origin, .invalid("is an empty list")) }
        return members.enumerated().compactMap { index, member in
            guard case .table(let table) = member.content else {
                wrongKind("\(name)[\(index)]", member, expected: "a table of keys")
                return nil
            }
            return TableReader(table, key: "\(whole(name))[\(index)]", origin: member.origin, report: report)
        }
    }

    /// A table of raw properties: names with dots, values as text.
    mutating func properties(_ name: String) -> [(name: String, value: String, origin: SettingOrigin)] {
        guard let reader = table(name) else { return [] }
        return reader.flattened(reader.table, prefix: "")
    }

    private func flattened(
        _ table: SettingTable,
        prefix: String
    ) -> [(name: String, value: String, origin: SettingOrigin)] {
        table.entries.flatMap { entry -> [(name: String, value: String, origin: SettingOrigin)] in
            let name = prefix + entry.key
            switch entry.value.content {
            case .scalar(let text): return [(name, text, entry.origin)]
            case .null: return [(name, "", entry.origin)]
            case .table(let inner): return flattened(inner, prefix: name + ".")
            case .list:
                wrongKind(name, entry.value, expected: "a single value")
                return []
            }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// What is written under a key that takes a list.
    mutating func node(ofList name: String) -> SettingNode? { entry(name, .list)?.value }

    // MARK: Keys without a value for us

    /// A key beats have and Sluice has no use for: one warning.
    mutating func ignore(_ name: String, _ why: String) {
        guard entry(name, .scalar) != nil else { return }
        report.warn(whole(name), "has no effect: \(why)")
    }

    /// A key that is planned, or that nothing here could honour: an error.
    mutating func refuse(_ name: String, _ problem: SettingsError.Problem) {
        guard let entry = entry(name, .scalar) else { return }
        report.fail(whole(name), at: entry.origin, problem)
    }

    /// A key that says what is so anyway.
    mutating func accept(_ name: String) { _ = entry(name, .scalar) }

    func place(of name: String) -> Place { Place(key: whole(name), origin: table[name]?.value.origin ?? origin) }

    func isMissing(_ name: String) -> Bool { table[name] == nil || table[name]?.value.content == .null }

    /// A value that must be there was not.
    func missing(_ name: String) { report.fail(whole(name), at: origin, .missing) }

    /// An error of the table as a whole.
    func fail(_ problem: SettingsError.Problem) { report.fail(key, at: origin, problem) }

    func fail(_ name: String, _ problem: SettingsError.Problem) {
        report.fail(whole(name), at: table[name]?.value.origin ?? origin, problem)
    }

    /// Names every key that nobody asked for.
    ///
    /// - Parameter elsewhere: all keys of the settings, for a key that stands in the wrong place.
    func finish(elsewhere: () -> [String]) {
        for entry in table.entries where !asked.contains(entry.key) {
            let nearest = NearestName.of(entry.key, among: asked).map(whole) ?? misplaced(entry, elsewhere())
            report.fail(whole(entry.key), at: entry.origin, .unknownKey(nearest: nearest))
        }
    }

    private func misplaced(_ entry: SettingTable.Entry, _ keys: [String]) -> String? {
        let matching = keys.filter { $0.hasSuffix(".\(entry.key)") }
        return matching.min { $0.count < $1.count }
    }
}
