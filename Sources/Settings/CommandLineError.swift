/// What is wrong with a command line. Exit status 2.
package enum CommandLineError: Error, Equatable, Sendable {
    case noCommand
    case unknownCommand(String, nearest: String?)
    case optionBeforeCommand(String)
    case unknownOption(String, CommandLineArguments.Name, nearest: String?)
    case missingValue(String)
    case repeated(String)
    case notAnOverride(String)
    case unexpected(String, CommandLineArguments.Name)
    case missingURL
    case notAURL(String)
    case takesNoValue(String)
    case notAnAddress(String, String)
    /// - Parameter name: what stands before the colon; the value may be a secret.
    case notAHeader(name: String)
    case contradiction(String, String)
    /// The second of two that belong together is missing.
    case needsOther(String, String)
    /// An option of `wss://` with a `ws://` URL.
    case needsTLS(String)
}

extension CommandLineError: CustomStringConvertible {
    /// What is wrong, and what would be right.
    package var description: String {
        switch self {
        case .noCommand: "no command; try \"sluice serve\", or \"sluice --help\""
        case .unknownCommand(let word, let nearest?): "there is no command \"\(word)\"; did you mean \"\(nearest)\"?"
        case .unknownCommand(let word, nil): "there is no command \"\(word)\"; \"sluice --help\" lists them"
        case .optionBeforeCommand(let word): "\"\(word)\" stands before the command; write \"sluice serve \(word) …\""
        case .unknownOption(let word, _, let nearest?): "there is no option \"\(word)\"; did you mean \"\(nearest)\"?"
        case .unknownOption(let word, .send, nil):
            "there is no option \"\(word)\"; a text that begins with \"-\" goes after \"--\""
        case .unknownOption(let word, let name, nil):
            "there is no option \"\(word)\"; \"sluice \(name.rawValue) --help\" lists them"
        case .missingValue(let option): "\"\(option)\" needs a value"
        case .repeated(let option): "\"\(option)\" is given twice"
        case .notAnOverride(let text): "\"\(text)\" after -E is not key=value"
        case .unexpected(let word, .serve): "\"\(word)\" is one word too many; the file goes after --config"
        case .unexpected(let word, let name): "\"\(word)\" is one word too many for \"sluice \(name.rawValue)\""
        case .needsOther(let option, let other): "\"\(option)\" needs \(other) as well"
        case .missingURL: "\"sluice send\" needs a URL, as in: sluice send ws://127.0.0.1:8080/logs 'hello'"
        case .notAURL(let text): "\"\(text)\" is not a URL that begins with ws:// or wss://"
        case .notAnAddress(let option, let why): "\(option): \(why)"
        case .takesNoValue(let option): "\"\(option)\" takes no value"
        case .notAHeader(let name):
            "\"\(name)\" after --header is not the name of a header that can be set; write --header 'Name: value'"
        case .contradiction(let one, let other): "\"\(one)\" and \"\(other)\" are given; keep one of them"
        case .needsTLS(let option): "\"\(option)\" needs a URL that begins with wss://"
        }
    }
}
