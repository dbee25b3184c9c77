/// Expands `${NAME}` as beats do: `${NAME:default}` when it may be unset, `${NAME:?message}` to say what is missing,
/// `${NAME:+text}` for a text only when it is set. Defaults may hold further ones; `$${` is a literal `${`.
/// Any other `$` is itself.
struct VariableExpansion {
    /// Depth of defaults within defaults.
    static let maxDepth = 8

    let environment: [String: String]

    struct Fault: Error {
        let problem: SettingsError.Problem
    }

    func expand(_ text: String) throws(Fault) -> String { try expand(text[...], depth: 0) }

    private func expand(_ text: Substring, depth: Int) throws(Fault) -> String {
        guard depth <= Self.maxDepth else { throw Fault(problem: .syntax("${…} nested too deeply")) }
        var out = ""
        var rest = text
        while let dollar = rest.firstIndex(of: "$") {
            out += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                out += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let close = Self.closing(rest) else { throw Fault(problem: .syntax("\"${\" without \"}\"")) }
                out += try value(of: rest[rest.index(rest.startIndex, offsetBy: 2)..<close], depth: depth)
                rest = rest[rest.index(after: close)...]
            } else {
                out += "$"
                rest = rest.dropFirst()
            }
        }
        return out + rest
    }

    /// The brace that closes the one the text begins with.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var depth = 0
        var previous: Character = " "
        for index in text.indices {
            let character = text[index]
            if character == "{" && previous == "$" { depth += 1 }
            if character == "}" {
                depth -= 1
                if depth == 0 { return index }
            }
            previous = character
        }
        return nil
    }

    private func value(of expression: Substring, depth: Int) throws(Fault) -> String {
        let colon = expression.firstIndex(of: ":")
        let name = String(expression[..<(colon ?? expression.endIndex)])
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
            throw Fault(
                problem: .syntax("\"${\(name)}\" does not name an environment variable; \"$${\" is a plain \"${\"")
            )
        }
        let found = environment[name]
        guard let colon else {
            guard let found else { throw Fault(problem: .unsetVariable(name: name, message: nil)) }
            return found
        }
        let argument = expression[expression.index(after: colon)...]
        switch argument.first {
        case "?":
            guard let found, !found.isEmpty else {
                throw Fault(problem: .unsetVariable(name: name, message: String(argument.dropFirst())))
            }
            return found
        case "+":
            return found?.isEmpty == false ? try expand(argument.dropFirst(), depth: depth + 1) : ""
        default:
            guard let found, !found.isEmpty else { return try expand(argument, depth: depth + 1) }
            return found
        }
    }
}
