/// The command line of `sluice`, understood.
package struct CommandLineArguments: Equatable, Sendable {
    package enum Command: Equatable, Sendable {
        case serve(Source)
        case check(Check)
        case reload(Target)
        case ready(Target, isLive: Bool)
        case send(SendArguments)
        /// Help for one command, or with nil for all.
        case help(Name?)
        case version
    }

    package enum Name: String, CaseIterable, Sendable {
        case serve
        case check
        case reload
        case ready
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

    /// What `check` is to do.
    package struct Check: Equatable, Sendable {
        /// What the settings are held against.
        package enum Comparison: Equatable, Sendable {
            /// `--against`.
            case file(String)
            /// `--running`: what the gateway that runs has.
            case running
        }

        package var source: Source
        package var comparison: Comparison?

        package init(source: Source, comparison: Comparison? = nil) {
            self.source = source
            self.comparison = comparison
        }
    }

    /// A gateway that runs: where `admin` of its settings says, or elsewhere.
    package struct Target: Equatable, Sendable {
        package var source: Source
        /// `--admin`.
        package var admin: ListenAddress?

        package init(source: Source, admin: ListenAddress? = nil) {
            self.source = source
            self.admin = admin
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
            let words = try CommandLineWords(arguments.dropFirst(), of: name)
            command = words.wantsHelp ? .help(name) : try Self.command(name, words)
        }
    }

    private static func unknown(_ first: String) -> CommandLineError {
        if first.hasPrefix("-") { return .optionBeforeCommand(first) }
        return .unknownCommand(first, nearest: NearestName.of(first, among: Name.allCases.map(\.rawValue)))
    }

    private static func command(_ name: Name, _ words: CommandLineWords) throws(CommandLineError) -> Command {
        if name == .send { return .send(try send(words)) }
        guard words.positional.isEmpty else { throw .unexpected(words.positional[0], name) }
        let source = Source(config: words["--config"].last, overrides: words["-E"])
        switch name {
        case .check: return .check(try check(source, words))
        case .reload: return .reload(try target(source, words))
        case .ready: return .ready(try target(source, words), isLive: !words["--live"].isEmpty)
        case .serve, .send: return .serve(source)
        }
    }

    private static func check(_ source: Source, _ words: CommandLineWords) throws(CommandLineError) -> Check {
        let isRunning = !words["--running"].isEmpty
        guard let file = words["--against"].last else {
            return Check(source: source, comparison: isRunning ? .running : nil)
        }
        if isRunning { throw .contradiction("--against", "--running") }
        return Check(source: source, comparison: .file(file))
    }

    private static func target(_ source: Source, _ words: CommandLineWords) throws(CommandLineError) -> Target {
        guard let text = words["--admin"].last else { return Target(source: source) }
        do throws(ValueFault) {
            return Target(source: source, admin: try ListenAddress(text))
        } catch {
            throw .notAnAddress("--admin", error.message)
        }
    }

    private static func send(_ words: CommandLineWords) throws(CommandLineError) -> SendArguments {
        guard let url = words.positional.first else { throw .missingURL }
        guard ["ws://", "wss://"].contains(where: url.lowercased().hasPrefix) else { throw .notAURL(url) }
        var send = SendArguments(url: url, texts: Array(words.positional.dropFirst()))
        send.authorities = words["--ca"].last
        send.certificate = words["--cert"].last
        send.key = words["--key"].last
        send.isInsecure = !words["--insecure"].isEmpty
        send.token = words["--token"].last.map(Secret.init)
        for text in words["--header"] {
            guard let header = SendArguments.Header(text) else {
                throw .notAHeader(name: String(text.prefix { $0 != ":" }))
            }
            send.headers.append(header)
        }
        if send.isInsecure && send.authorities != nil { throw .contradiction("--ca", "--insecure") }
        if send.certificate != nil && send.key == nil { throw .needsOther("--cert", "--key") }
        if send.certificate == nil && send.key != nil { throw .needsOther("--key", "--cert") }
        let tls = ["--ca", "--insecure", "--cert"].first { !words[$0].isEmpty }
        if let tls, url.lowercased().hasPrefix("ws://") { throw .needsTLS(tls) }
        if send.token != nil && send.headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            throw .contradiction("--token", "--header Authorization")
        }
        return send
    }
}
