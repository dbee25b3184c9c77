/// What is wrong with the configuration of who may come in. Names no secret.
package enum AdmissionError: Error, Equatable {
    /// A pattern of origins that cannot match what a browser sends.
    case origin(pattern: String, fix: String)
    /// A file of tokens or keys that cannot be used.
    case file(path: String, problem: String)
    /// Any other setting of `auth`; the key is relative to it.
    case setting(key: String, problem: String)
}

extension AdmissionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .origin(let pattern, let fix): "the origin \"\(pattern)\" matches nothing: \(fix)"
        case .file(let path, let problem): "\(path): \(problem)"
        case .setting(let key, let problem): "auth.\(key): \(problem)"
        }
    }
}
