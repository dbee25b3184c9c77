/// What reading the settings brings to light: every error and warning, which keys exist, and where each was set.
final class SettingsReport {
    /// What a key takes, for those who set it from outside a file.
    enum KeyKind {
        case scalar
        case list
        case table
    }

    private(set) var errors: [SettingsError] = []
    private(set) var warnings: [String] = []
    private(set) var knownKeys: [(key: String, kind: KeyKind)] = []
    private(set) var origins: [String: SettingOrigin] = [:]
    private let file: SettingOrigin

    /// - Parameter file: what to name where a missing key is at fault.
    init(file: SettingOrigin) { self.file = file }

    func know(_ key: String, _ kind: KeyKind, at origin: SettingOrigin?) {
        knownKeys.append((key, kind))
        if let origin { origins[key] = origin }
    }

    /// Whether somebody set this key.
    func isSet(_ key: String) -> Bool { origins[key] != nil }

    func add(_ errors: [SettingsError]) { self.errors += errors }

    func fail(_ key: String, at origin: SettingOrigin, _ problem: SettingsError.Problem) {
        errors.append(SettingsError(origin: origin, key: key, problem: problem))
    }

    /// An error at the place where the key was set.
    func fail(_ key: String, _ problem: SettingsError.Problem) { fail(key, at: origins[key] ?? file, problem) }

    /// A warning about none of the keys.
    func warn(_ message: String) { warnings.append(message) }

    /// A warning at the place where the key was set.
    func warn(_ key: String, _ message: String) {
        let origin = (origins[key] ?? file).description
        warnings.append([origin, key, message].filter { !$0.isEmpty }.joined(separator: ": "))
    }

    /// All errors, those of the file first and by line.
    var sortedErrors: [SettingsError] {
        errors.enumerated().sorted { left, right in
            let (first, second) = (rank(left.element.origin), rank(right.element.origin))
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    private func rank(_ origin: SettingOrigin) -> Int {
        switch origin {
        case .file(_, let line, _): line
        case .environment: Int.max - 2
        case .override: Int.max - 1
        case .none: Int.max
        }
    }
}
