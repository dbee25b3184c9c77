/// One thing that is wrong with the settings.
package struct SettingsError: Error, Equatable, Sendable {
    package enum Problem: Equatable, Sendable {
        /// The file cannot be read; the system's words.
        case unreadable(String)
        /// Not YAML, or more of it than settings need.
        case syntax(String)
        case unknownKey(nearest: String?)
        /// The same key is there already.
        case duplicate(first: SettingOrigin)
        /// A list where a table belongs, and the like.
        case wrongKind(expected: String, found: String)
        case missing
        /// The value does not fit; says why and what would.
        case invalid(String)
        /// Two settings contradict each other.
        case contradiction(String)
        /// Known, planned, and not there yet.
        case comesLater(String)
        /// `${NAME}` with no such variable in the environment, or its own message.
        case unsetVariable(name: String, message: String?)
    }

    package let origin: SettingOrigin
    /// The whole key with dots, `output.kafka.hosts`; empty where none is at fault.
    package let key: String
    package let problem: Problem

    package init(origin: SettingOrigin, key: String, problem: Problem) {
        self.origin = origin
        self.key = key
        self.problem = problem
    }
}

extension SettingsError: CustomStringConvertible {
    /// `file:line: key: what is wrong; what would be right`.
    package var description: String {
        [origin.description, key, problem.description].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

extension SettingsError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let why): "cannot be read: \(why)"
        case .syntax(let what): what
        case .unknownKey(let nearest?): "there is no such setting; did you mean \"\(nearest)\"?"
        case .unknownKey(nil): "there is no such setting"
        case .duplicate(.none): "is given twice"
        case .duplicate(let first): "is given twice; first at \(first)"
        case .wrongKind(let expected, let found): "is \(found), where \(expected) is expected"
        case .missing: "is missing"
        case .invalid(let why), .contradiction(let why): why
        case .comesLater(let what): "\(what) is not there yet; it comes with a later version"
        case .unsetVariable(let name, nil):
            "the environment variable \(name) is not set; set it, or write ${\(name):default}"
        case .unsetVariable(let name, let message?): "the environment variable \(name) is not set: \(message)"
        }
    }
}

/// Everything that is wrong with the settings, in the order of the file.
package struct SettingsErrors: Error, Equatable, Sendable, CustomStringConvertible {
    package let errors: [SettingsError]

    package init(_ errors: [SettingsError]) { self.errors = errors }

    /// One line for each.
    package var description: String { errors.map(\.description).joined(separator: "\n") }
}
