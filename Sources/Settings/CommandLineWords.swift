/// Options and other words of one command, told apart.
struct CommandLineWords {
    private(set) var positional: [String] = []
    private(set) var wantsHelp = false
    private var values: [String: [String]] = [:]

    /// The values of an option in their order; one empty text for an option that takes none.
    subscript(option: String) -> [String] { values[option] ?? [] }

    init(_ arguments: ArraySlice<String>, of name: CommandLineArguments.Name) throws(CommandLineError) {
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

    private static func options(of name: CommandLineArguments.Name) -> [String] {
        switch name {
        case .serve: ["--config", "-E", "--help"]
        case .check: ["--config", "-E", "--against", "--running", "--help"]
        case .reload: ["--config", "-E", "--admin", "--help"]
        case .ready: ["--config", "-E", "--admin", "--live", "--help"]
        case .send: ["--ca", "--insecure", "--cert", "--key", "--token", "--header", "--help"]
        }
    }

    private mutating func take(
        _ word: String,
        _ rest: inout ArraySlice<String>,
        of name: CommandLineArguments.Name
    ) throws(CommandLineError) {
        if word == "--help" || word == "-h" {
            wantsHelp = true
            return
        }
        let known = Self.options(of: name)
        let (option, attached) = Self.split(word)
        guard known.contains(option) else {
            // Without what is attached: it may be a secret.
            let shown = word.hasPrefix("--") ? option : word
            throw .unknownOption(shown, name, nearest: NearestName.of(option, among: known))
        }
        if ["--insecure", "--running", "--live"].contains(option) {
            guard attached == nil else { throw .takesNoValue(option) }
            values[option] = [""]
            return
        }
        guard let value = attached ?? rest.popFirst(), !value.isEmpty else { throw .missingValue(option) }
        if option == "-E", !value.contains("=") { throw .notAnOverride(value) }
        let isRepeatable = option == "-E" || option == "--header"
        guard isRepeatable || values[option] == nil else { throw .repeated(option) }
        values[option, default: []].append(value)
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
