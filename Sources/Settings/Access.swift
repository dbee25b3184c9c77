/// Who may come in, and how much: keys that stand at the top level, on a listener and on a route alike. The nearest
/// one counts: a route's, else its listener's, else the top level's.
package struct Access: Equatable, Sendable {
    /// `origins`: web pages that may connect, as `https://app.example` or `https://*.example`; `*` is any. Nil: not said
    /// here.
    package var origins: [String]?
    /// `auth`. Nil: not said here.
    package var auth: Authentication?
    /// `limits`: those that are said here.
    package var limits = Limits()

    package init() {}

    /// Where one of the keys stands.
    package enum Level: Hashable, Sendable {
        case top
        case listener(Int)
        case route(Int)

        /// The whole key of `name` here: `routes[1].auth`.
        package func key(_ name: String) -> String {
            switch self {
            case .top: name
            case .listener(let index): "listeners[\(index)].\(name)"
            case .route(let index): "routes[\(index)].\(name)"
            }
        }
    }

    /// A value and where it comes from.
    package struct Placed<Value: Equatable & Sendable>: Equatable, Sendable {
        package var value: Value
        package var level: Level
    }

    /// What holds for the clients of one route that come in at one listener.
    package struct Rule: Equatable, Sendable {
        /// Nil: every origin.
        package var origins: Placed<[String]>?
        /// Nil: everybody.
        package var credentials: Placed<Credentials>?
        package var limits = Limits()
    }
}

/// `auth`.
package enum Authentication: Equatable, Sendable {
    /// `auth: none`: everybody, whatever is said further out.
    case open
    case required(Credentials)
}

extension Settings {
    /// `origins` and `auth` as a whole from the nearest level that has them; `limits` key by key.
    package func rule(listener: Int, route: Int) -> Access.Rule {
        let levels: [(level: Access.Level, access: Access)] = [
            (.route(route), routes[route].access), (.listener(listener), listeners[listener].access), (.top, access),
        ]
        var rule = Access.Rule()
        for (level, access) in levels {
            if rule.origins == nil { rule.origins = access.origins.map { .init(value: $0, level: level) } }
            rule.limits.fill(from: access.limits)
        }
        let auth = levels.first { $0.access.auth != nil }
        if let auth, case .required(let credentials)? = auth.access.auth {
            rule.credentials = .init(value: credentials, level: auth.level)
        }
        return rule
    }
}
