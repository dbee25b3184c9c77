import Settings

/// What came of reading the settings again.
enum ReloadVerdict: Sendable, Equatable {
    /// They are in use, or would be.
    case done(Findings)
    /// Something is wrong with them, one line for each; nothing has changed.
    case refused([String])
    /// The gateway ends.
    case draining

    struct Findings: Sendable, Equatable {
        var changes: [SettingChange]
        /// What was read again, changed or not: `listeners[0].ssl`, `auth`.
        var files: [String]
        var warnings: [String]
    }

    /// HTTP's.
    var status: Int {
        switch self {
        case .done: 200
        case .refused: 422
        case .draining: 503
        }
    }

    /// For people.
    func text(isTrial: Bool) -> String {
        switch self {
        case .done(let findings): Self.lines(findings, isTrial: isTrial).joined(separator: "\n")
        case .refused(let errors): (["nothing was changed:"] + errors).joined(separator: "\n")
        case .draining: "nothing was changed: Sluice is shutting down"
        }
    }

    private static func lines(_ findings: Findings, isTrial: Bool) -> [String] {
        var lines = [isTrial ? "a reload would change" : "reloaded"]
        lines[0] += findings.changes.isEmpty ? (isTrial ? " no setting" : "; no setting has changed") : ":"
        lines += findings.changes.map(\.description)
        if !findings.files.isEmpty {
            lines.append("\(isTrial ? "would be read" : "were read") again: \(findings.files.joined(separator: ", "))")
        }
        return lines + findings.warnings.map { "warning: \($0)" }
    }
}
