/// A value as it was written, with the place where.
struct SettingNode: Equatable, Sendable {
    enum Content: Equatable, Sendable {
        /// Nothing after the key, `~` or `null`.
        case null
        case scalar(String)
        case list([SettingNode])
        case table(SettingTable)
    }

    var origin: SettingOrigin
    var content: Content

    /// What it is, in words for an error.
    var kind: String {
        switch content {
        case .null: "empty"
        case .scalar: "a single value"
        case .list: "a list"
        case .table: "a table of keys"
        }
    }
}

/// Keys and values in the order they were written, dotted keys taken apart: `a.b: 1` is `a: {b: 1}`.
struct SettingTable: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        let key: String
        /// Where the key stands; the value may stand lines below.
        let origin: SettingOrigin
        var value: SettingNode
    }

    private(set) var entries: [Entry] = []

    subscript(key: String) -> Entry? { entries.first { $0.key == key } }

    /// Adds a value under a path of keys. Tables of the same name become one; anything else given twice is an error.
    mutating func add(_ path: ArraySlice<String>, at origin: SettingOrigin, _ value: SettingNode, in parent: String)
        throws(SettingsErrors)
    {
        guard let key = path.first else { return }
        let name = parent.isEmpty ? key : "\(parent).\(key)"
        guard let index = entries.firstIndex(where: { $0.key == key }) else {
            entries.append(Entry(key: key, origin: origin, value: Self.nested(path.dropFirst(), origin, value)))
            return
        }
        let addition = Self.nested(path.dropFirst(), origin, value)
        guard case .table(var table) = entries[index].value.content, case .table(let new) = addition.content else {
            let first = entries[index].origin
            throw SettingsErrors([SettingsError(origin: origin, key: name, problem: .duplicate(first: first))])
        }
        var errors: [SettingsError] = []
        for entry in new.entries {
            do throws(SettingsErrors) {
                try table.add([entry.key], at: entry.origin, entry.value, in: name)
            } catch {
                errors += error.errors
            }
        }
        entries[index].value.content = .table(table)
        guard errors.isEmpty else { throw SettingsErrors(errors) }
    }

    /// Puts a value in the place of what is there; tables are merged, and a number picks a member of a list.
    mutating func override(_ path: ArraySlice<String>, _ value: SettingNode) {
        guard let key = path.first else { return }
        let rest = path.dropFirst()
        guard let index = entries.firstIndex(where: { $0.key == key }) else {
            entries.append(Entry(key: key, origin: value.origin, value: Self.nested(rest, value.origin, value)))
            return
        }
        let old = entries[index].value
        entries[index] = Entry(key: key, origin: value.origin, value: Self.overridden(old, rest, value))
    }

    private static func overridden(
        _ old: SettingNode,
        _ path: ArraySlice<String>,
        _ value: SettingNode
    ) -> SettingNode {
        switch old.content {
        case .table(var table):
            if path.isEmpty {
                guard case .table(let new) = value.content else { return value }
                for entry in new.entries { table.override([entry.key], entry.value) }
            } else {
                table.override(path, value)
            }
            return SettingNode(origin: old.origin, content: .table(table))
        case .list(var members):
            guard let first = path.first, let position = Int(first), members.indices.contains(position) else {
                return nested(path, value.origin, value)
            }
            members[position] = overridden(members[position], path.dropFirst(), value)
            return SettingNode(origin: old.origin, content: .list(members))
        case .null, .scalar:
            return nested(path, value.origin, value)
        }
    }

    private static func nested(
        _ path: ArraySlice<String>,
        _ origin: SettingOrigin,
        _ value: SettingNode
    ) -> SettingNode {
        path.reversed().reduce(value) { inner, key in
            var table = SettingTable()
            table.entries = [Entry(key: key, origin: origin, value: inner)]
            return SettingNode(origin: origin, content: .table(table))
        }
    }

    /// The same table with each single value replaced; `key` is the whole key of the table.
    func mapScalars(in key: String, _ transform: (String, SettingOrigin, String) -> String) -> SettingTable {
        var table = self
        for index in table.entries.indices {
            let name = key.isEmpty ? entries[index].key : "\(key).\(entries[index].key)"
            table.entries[index].value = Self.map(entries[index].value, name, transform)
        }
        return table
    }

    private static func map(
        _ node: SettingNode,
        _ key: String,
        _ transform: (String, SettingOrigin, String) -> String
    ) -> SettingNode {
        switch node.content {
        case .null: node
        case .scalar(let text): SettingNode(origin: node.origin, content: .scalar(transform(key, node.origin, text)))
        case .list(let members):
            SettingNode(
                origin: node.origin,
                content: .list(members.enumerated().map { map($1, "\(key)[\($0)]", transform) })
            )
        case .table(let table):
            SettingNode(origin: node.origin, content: .table(table.mapScalars(in: key, transform)))
        }
    }
}
