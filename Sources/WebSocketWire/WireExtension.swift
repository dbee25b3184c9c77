/// An element of `Sec-WebSocket-Extensions` (RFC 6455 section 9.1), offered or answered.
struct WireExtension: Equatable {
    struct Parameter: Equatable {
        let name: String
        /// Without quotes.
        let value: String?
    }

    let name: String
    let parameters: [Parameter]

    /// The elements in their order, or nil when the value does not follow the grammar or holds none.
    static func list(_ value: String) -> [WireExtension]? {
        var scanner = Scanner(rest: Substring(value).utf8)
        var found: [WireExtension] = []
        while true {
            scanner.skipSpace()
            if scanner.skip(",") { continue }
            if scanner.isAtEnd { return found.isEmpty ? nil : found }
            guard let next = scanner.takeExtension() else { return nil }
            found.append(next)
            guard scanner.isAtEnd || scanner.skip(",") else { return nil }
        }
    }

    private struct Scanner {
        var rest: Substring.UTF8View

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skipSpace() {
            rest = rest.drop(while: HeaderList.isSpace)
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// A name and its parameters, with the space behind them.
        mutating func takeExtension() -> WireExtension? {
            guard let name = takeToken() else { return nil }
            skipSpace()
            var parameters: [Parameter] = []
            while skip(";") {
                skipSpace()
                guard let parameter = takeParameter() else { return nil }
                parameters.append(parameter)
            }
            return WireExtension(name: name, parameters: parameters)
        }

        private mutating func takeParameter() -> Parameter? {
            guard let name = takeToken() else { return nil }
            skipSpace()
            guard skip("=") else { return Parameter(name: name, value: nil) }
            skipSpace()
            guard let value = skip("\"") ? takeQuotedRest() : takeToken() else { return nil }
            skipSpace()
            return Parameter(name: name, value: value)
        }

        private mutating func takeToken() -> String? {
            let token = rest.prefix(while: HeaderList.isTokenCharacter)
            guard !token.isEmpty else { return nil }
            rest = rest[token.endIndex...]
            return String(decoding: token, as: UTF8.self)
        }

        /// Between the quotes stands a token as well (RFC 6455 section 9.1), so that no escape is needed.
        private mutating func takeQuotedRest() -> String? {
            guard let token = takeToken(), skip("\"") else { return nil }
            return token
        }
    }
}
