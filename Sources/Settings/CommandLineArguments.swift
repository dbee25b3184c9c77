/// The command line of `sluice`, understood.
package struct CommandLineArguments: Equatable, Sendable {
    package enum Command: Equatable, Sendable {
        case serve(Source)
        case check(Source)
        /// - Parameter texts: empty: lines of standard input.
        case send(url: String, texts: [String])
        /// Help for one command, or with nil for all.
        case help(Name?)
        case version
    }

    package enum Name: String, CaseIterable, Sendable {
        case serve
        case check
        case send
    }

    /// Where settings come from.
    package struct Source: Equatable, Sendable {
        /// `--config`; nil for defaults.
        package var config: String?
        /// `-E`, in their order.
        package var overrides: [String] = []

        package init(config: String? = nil, overrides: [String] = []) {
            self.config = config
            self.overrides = overrides
        }
    }

    package let command: Command

    /// - Parameter arguments: without the program's own name.
    package init(_ arguments: [String]) throws(CommandLineError) {
        guard let first = arguments.first else { throw CommandLineError.noCommand }
        switch first {
        case "--help", "-h", "help": command = .help(arguments.dropFirst().first.flatMap(Name.init))
        case "--version", "version": command = .version
        default:
            guard let name = Name(rawValue: first) else { throw Self.unknown(first) }
            let words = try Words(arguments.dropFirst(), of: name)
            command = words.wantsHelp ? .help(name) : try Self.command(name, words)
        }
    }

    private static func unknown(_ first: String) -> CommandLineError {
        if first.hasPrefix("-") { return .optionBeforeCommand(first) }
        return .unknownCommand(first, nearest: NearestName.of(first, among: Name.allCases.map(\.rawValue)))
    }

    private static func command(_ name: Name, _ words: Words) throws(CommandLineError) -> Command {
        if name == .send {
            guard let url = words.positional.first else { throw .missingURL }
            guard ["ws://", "wss://"].contains(where: url.lowercased().hasPrefix) else { throw .notAURL(url) }
            return .send(url: url, texts: Array(words.positional.dropFirst()))
        }
        guard words.positional.isEmpty else { throw .unexpected(words.positional[0], name) }
        return name == .serve ? .serve(words.source) : .check(words.source)
    }

    /// Options and other words, told apart.
    private struct Words {
        private(set) var source = Source()
        private(set) var positional: [String] = []
        private(set) var wantsHelp = false

        init(_ arguments: ArraySlice<String>, of name: Name) throws(CommandLineError) {
            var rest = arguments
            while let word = rest.popFirst() {
                guard word.hasPrefix("-"), word != "-" else {
                    positional.append(word)
                    continue
                }
                if word == "--" {
                    positional += rest
                    return
                }
                try take(word, &rest, of: name)
            }
        }

        private mutating func take(
            _ word: String,
            _ rest: inout ArraySlice<String>,
            of name: Name
        ) throws(CommandLineError) {
            if word == "--help" || word == "-h" {
                wantsHelp = true
                return
            }
            let known = name == .send ? ["--help"] : ["--config", "-E", "--help"]
            let (option, attached) = Self.split(word)
            guard known.contains(option) else {
                throw .unknownOption(word, name, nearest: NearestName.of(option, among: known))
            }
            guard let value = attached ?? rest.popFirst() else { throw .missingValue(option) }
            if option == "-E" {
                guard value.contains("=") else { throw .notAnOverride(value) }
                source.overrides.append(value)
            } else {
                guard source.config == nil else { throw .repeated(option) }
                source.config = value
            }
        }

        /// `--config=PATH`, `-cPATH` and `-EKEY=VALUE` carry their value; `-c` is `--config`, as in beats.
        private static func split(_ word: String) -> (option: String, value: String?) {
            if !word.hasPrefix("--") {
                let option = word.prefix(2) == "-c" ? "--config" : String(word.prefix(2))
                return (option, word.count > 2 ? String(word.dropFirst(2)) : nil)
            }
            guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
            return (String(word[..<equals]), String(word[word.index(after: equals)...]))
        }
    }
}
