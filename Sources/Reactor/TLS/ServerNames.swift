/// Which certificate is for which name (RFC 6066 section 3, RFC 6125 section 6.4): exact names first, then `*.` and
/// everything after the first label. Of several for one name the first counts.
struct ServerNames {
    private var exact: [String: Int] = [:]
    private var wildcards: [String: Int] = [:]

    mutating func add(_ name: String, for index: Int) {
        let name = Self.canonical(name)
        if name.hasPrefix("*.") {
            let parent = String(name.dropFirst(2))
            if !parent.isEmpty, wildcards[parent] == nil { wildcards[parent] = index }
        } else if !name.isEmpty, exact[name] == nil {
            exact[name] = index
        }
    }

    func index(for name: String) -> Int? {
        let name = Self.canonical(name)
        if let index = exact[name] { return index }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return nil }
        return wildcards[String(name[name.index(after: dot)...])]
    }

    private static func canonical(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}
