extension TableReader {
    /// A key and where it was written.
    struct Place {
        let key: String
        let origin: SettingOrigin
    }

    /// One of a list whose members are texts or tables.
    enum Member {
        case text(String, Place)
        case table(TableReader)
    }

    /// A list of texts and tables; a single text is split at its commas. Nil where the key is missing.
    mutating func members(_ name: String) -> [Member]? {
        guard let node = node(ofList: name), node.content != .null else { return nil }
        guard case .list(let nodes) = node.content else {
            let before = report.errors.count
            let texts = list(name)
            if texts.isEmpty && report.errors.count == before { fail(name, .invalid("is an empty list")) }
            return texts.enumerated().map { .text($1.text, Place(key: "\(whole(name))[\($0)]", origin: $1.origin)) }
        }
        if nodes.isEmpty { fail(name, .invalid("is an empty list")) }
        return nodes.enumerated().compactMap { index, node in
            let key = "\(whole(name))[\(index)]"
            switch node.content {
            case .scalar(let text) where !text.isEmpty: return .text(text, Place(key: key, origin: node.origin))
            case .table(let table):
                return .table(TableReader(table, key: key, origin: node.origin, report: report))
            case .scalar, .null, .list:
                report.fail(key, at: node.origin, .invalid("is empty, where a text or a table of keys is expected"))
                return nil
            }
        }
    }
}
