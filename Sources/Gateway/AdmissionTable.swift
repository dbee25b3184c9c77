package import Admission

/// Who may come in and how much, for every pair of a listener and a route.
package struct AdmissionTable: Sendable {
    /// What is asked of a connection.
    package struct Rule: Sendable {
        package var policy: AdmissionPolicy
        package var limits: ConnectionLimits

        package init(policy: AdmissionPolicy = .open, limits: ConnectionLimits = ConnectionLimits()) {
            self.policy = policy
            self.limits = limits
        }
    }

    private let rules: [[Rule]]

    /// Everybody may come in everywhere.
    package init() { rules = [] }

    /// - Parameter rules: by listener, then by route; all of both.
    package init(_ rules: [[Rule]]) { self.rules = rules }

    /// Where there is no rule for the pair, nobody comes in.
    package subscript(listener listener: Int, route route: Int) -> Rule {
        guard !rules.isEmpty else { return Rule() }
        guard rules.indices.contains(listener), rules[listener].indices.contains(route) else {
            return Rule(policy: AdmissionPolicy(authenticator: .nobody))
        }
        return rules[listener][route]
    }
}
