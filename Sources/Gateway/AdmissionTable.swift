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

    package subscript(listener listener: Int, route route: Int) -> Rule {
        rules.isEmpty ? Rule() : rules[listener][route]
    }
}
