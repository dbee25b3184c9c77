/// Builds a tree of settings from a YAML text: one document, bounded in depth and in size after aliases are expanded.
struct YAMLTree: ~Copyable {
    /// Tables and lists within each other; the settings themselves need six.
    static let maxDepth = 32
    /// Values in all, those that aliases repeat included.
    static let maxNodes = 10_000

    private var stream: YAMLEventStream
    private let origin: (Int, Int) -> SettingOrigin
    private let prefix: String
    private var anchors: [String: (node: SettingNode, size: Int)] = [:]
    private var nodes = 0
    private var errors: [SettingsError] = []

    private init(_ bytes: [UInt8], prefix: String, origin: @escaping (Int, Int) -> SettingOrigin) {
        stream = YAMLEventStream(bytes)
        self.prefix = prefix
        self.origin = origin
    }

    /// - Parameters:
    ///   - prefix: the whole key under which the text stands, for errors.
    ///   - origin: where a line and a column are.
    static func parse(
        _ bytes: [UInt8],
        prefix: String = "",
        origin: @escaping (_ line: Int, _ column: Int) -> SettingOrigin
    ) throws(SettingsErrors) -> SettingNode {
        var tree = YAMLTree(bytes, prefix: prefix, origin: origin)
        do throws(SettingsError) {
            let root = try tree.document()
            guard tree.errors.isEmpty else { throw tree.errors.removeLast() }
            return root
        } catch {
            throw SettingsErrors(tree.errors + [error])
        }
    }

    private mutating func document() throws(SettingsError) -> SettingNode {
        guard try next().kind != .streamEnd else { return SettingNode(origin: origin(1, 1), content: .null) }
        let root = try node(try next(), depth: 0, key: prefix).node
        _ = try next()
        let after = try next()
        guard after.kind == .streamEnd else { throw failure(after, "a second document; settings are one") }
        return root
    }

    private mutating func next() throws(SettingsError) -> YAMLEvent {
        do throws(YAMLSyntaxError) {
            return try stream.next()
        } catch {
            throw SettingsError(
                origin: origin(error.line, error.column),
                key: prefix,
                problem: .syntax("not YAML: \(error.message)")
            )
        }
    }

    private func failure(_ event: YAMLEvent, _ message: String, key: String = "") -> SettingsError {
        SettingsError(origin: origin(event.line, event.column), key: key, problem: .syntax(message))
    }

    private mutating func node(
        _ event: YAMLEvent,
        depth: Int,
        key: String
    ) throws(SettingsError) -> (node: SettingNode, size: Int) {
        guard depth <= Self.maxDepth else {
            throw failure(event, "nested deeper than \(Self.maxDepth) levels", key: key)
        }
        let before = nodes
        try count(1, event)
        let place = origin(event.line, event.column)
        let name: String?
        let content: SettingNode.Content
        switch event.kind {
        case .scalar(let text, let plain, let anchor):
            name = anchor
            content = plain && ["", "~", "null", "Null", "NULL"].contains(text) ? .null : .scalar(text)
        case .sequenceStart(let anchor):
            name = anchor
            content = .list(try list(depth: depth, key: key))
        case .mappingStart(let anchor):
            name = anchor
            content = .table(try table(depth: depth, key: key))
        case .alias(let alias):
            guard let target = anchors[alias] else {
                throw failure(event, "there is no anchor &\(alias) above", key: key)
            }
            try count(target.size - 1, event)
            return target
        case .sequenceEnd, .mappingEnd, .documentStart, .documentEnd, .streamEnd:
            throw failure(event, "a value is expected here", key: key)
        }
        let result = (node: SettingNode(origin: place, content: content), size: nodes - before)
        if let name { anchors[name] = result }
        return result
    }

    private mutating func count(_ more: Int, _ event: YAMLEvent) throws(SettingsError) {
        nodes += more
        guard nodes <= Self.maxNodes else { throw failure(event, "more than \(Self.maxNodes) values") }
    }

    private mutating func list(depth: Int, key: String) throws(SettingsError) -> [SettingNode] {
        var members: [SettingNode] = []
        while true {
            let event = try next()
            if event.kind == .sequenceEnd { return members }
            members.append(try node(event, depth: depth + 1, key: "\(key)[\(members.count)]").node)
        }
    }

    private mutating func table(depth: Int, key parent: String) throws(SettingsError) -> SettingTable {
        var table = SettingTable()
        var seen: [String: SettingOrigin] = [:]
        while true {
            let event = try next()
            if event.kind == .mappingEnd { return table }
            guard case .scalar(let key, _, _) = event.kind else { throw failure(event, "a key must be a single word") }
            let place = origin(event.line, event.column)
            let name = parent.isEmpty ? key : "\(parent).\(key)"
            let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let value = try node(try next(), depth: depth + path.count, key: name).node
            if path.contains("") {
                errors.append(failure(event, "a key with an empty part", key: name))
            } else if let first = seen[key] {
                errors.append(SettingsError(origin: place, key: name, problem: .duplicate(first: first)))
            } else {
                seen[key] = place
                do throws(SettingsErrors) {
                    try table.add(path[...], at: place, value, in: parent)
                } catch {
                    errors += error.errors
                }
            }
        }
    }
}
