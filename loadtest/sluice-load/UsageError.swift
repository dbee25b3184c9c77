/// What is wrong with a command line. Exit status 2.
enum UsageError: Error, Equatable {
    case noURL
    case notAURL(String)
    case unknownOption(String)
    case missingValue(String)
    case repeated(String)
    case unexpected(String)
    case badNumber(option: String, text: String, wanted: String)
    case badPlace(String)
    case badProperty(String)
    case badSize(String)
    case badHeader
    case badToken
    case unknownChoice(option: String, text: String, choices: [String])
    case badSource(String)
    /// One of two options that only work together, or never do.
    case needs(String, String)
    case excludes(String, String)
    /// A file or a number of the command line that cannot be used.
    case unusable(String)
}

extension UsageError: CustomStringConvertible {
    /// What is wrong, and what would be right.
    var description: String {
        switch self {
        case .noURL: "no URL; as in: sluice-load ws://127.0.0.1:8080/logs"
        case .notAURL(let text): "\"\(text)\" is not a URL such as ws://127.0.0.1:8080/logs"
        case .unknownOption(let word): "there is no option \"\(word)\"; \"sluice-load --help\" lists them"
        case .missingValue(let option): "\"\(option)\" needs a value"
        case .repeated(let option): "\"\(option)\" is given twice"
        case .unexpected(let word): "\"\(word)\" is one word too many: one URL is all"
        case .badNumber(let option, let text, let wanted): "\"\(option)\" is \(wanted), not \"\(text)\""
        case .badPlace(let text): "\"\(text)\" after --verify is not HOST:PORT[,HOST:PORT…]/TOPIC"
        case .badProperty(let text): "\"\(text)\" after --kafka is not property=value"
        case .badSize(let text):
            "\"\(text)\" after --size is none of 200, 100-2000, exp:200, p50=200,p99=16384, all of them between "
                + "\(SizeDistribution.bounds.lowerBound) and \(SizeDistribution.bounds.upperBound) bytes"
        case .badHeader: "what stands after --header is not \"Name: value\""
        case .badToken: "the token holds what no header can carry"
        case .unknownChoice(let option, let text, let choices):
            "\"\(option)\" is one of \(choices.joined(separator: ", ")), not \"\(text)\""
        case .badSource(let text):
            "\"\(text)\" after --source is no list of addresses such as 127.0.0.1,127.0.0.2 or 127.0.0.1-127.0.0.9"
        case .needs(let option, let other): "\"\(option)\" needs \"\(other)\""
        case .excludes(let option, let other): "\"\(option)\" does not go with \"\(other)\""
        case .unusable(let reason): reason
        }
    }
}
