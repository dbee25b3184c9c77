/// What is wrong with a command line. Exit status 2.
enum UsageError: Error, Equatable {
    case noURL
    case notAURL(String)
    case noTLS
    case unknownOption(String)
    case missingValue(String)
    case repeated(String)
    case unexpected(String)
    case badNumber(option: String, text: String, wanted: String)
    case badPlace(String)
    case badProperty(String)
}

extension UsageError: CustomStringConvertible {
    /// What is wrong, and what would be right.
    var description: String {
        switch self {
        case .noURL: "no URL; as in: sluice-load ws://127.0.0.1:8080/logs"
        case .notAURL(let text): "\"\(text)\" is not a URL such as ws://127.0.0.1:8080/logs"
        case .noTLS: "wss:// is not there yet; use the server's ws:// address"
        case .unknownOption(let word): "there is no option \"\(word)\"; \"sluice-load --help\" lists them"
        case .missingValue(let option): "\"\(option)\" needs a value"
        case .repeated(let option): "\"\(option)\" is given twice"
        case .unexpected(let word): "\"\(word)\" is one word too many: one URL is all"
        case .badNumber(let option, let text, let wanted): "\"\(option)\" is \(wanted), not \"\(text)\""
        case .badPlace(let text): "\"\(text)\" after --verify is not HOST:PORT[,HOST:PORT…]/TOPIC"
        case .badProperty(let text): "\"\(text)\" after --kafka is not property=value"
        }
    }
}
