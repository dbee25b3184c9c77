/// Where a value was written.
package enum SettingOrigin: Equatable, Sendable {
    /// Line and column count from 1.
    case file(String, line: Int, column: Int)
    /// The variable's name.
    case environment(String)
    /// `-E` on the command line.
    case override
    /// Nowhere: a default.
    case none
}

extension SettingOrigin: CustomStringConvertible {
    /// `sluice.yml:12`, `SLUICE_MAX_LEN`, `-E`, or nothing.
    package var description: String {
        switch self {
        case .file(let name, let line, _): "\(name):\(line)"
        case .environment(let variable): variable
        case .override: "-E"
        case .none: ""
        }
    }
}
