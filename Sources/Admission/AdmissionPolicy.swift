/// Who may come in by one route of one listener.
package struct AdmissionPolicy: Sendable {
    /// Everybody, from everywhere.
    package static let open = AdmissionPolicy()

    private let origins: OriginRules?
    private let authenticator: Authenticator?

    /// - Parameters:
    ///   - origins: nil: pages of every origin.
    ///   - authenticator: nil: nobody has to say who they are.
    package init(origins: OriginRules? = nil, authenticator: Authenticator? = nil) {
        self.origins = origins
        self.authenticator = authenticator
    }

    /// - Parameter now: unix seconds.
    package func decide(_ request: AdmissionRequest, now: Int64) -> AdmissionVerdict {
        if let origins, !origins.admits(request.origins) { return .refused(.origin) }
        guard let authenticator else { return .admitted(nil) }
        return authenticator.decide(request, now: now)
    }

    /// Whether pages of some origins may not come in.
    package var restrictsOrigins: Bool { origins != nil }

    /// Whether a page of this origin may also post as the user it is shown to, with cookies and the like (CORS with
    /// credentials): only one that is named. `*` names nobody, and any page can make itself `null`.
    package func namesOrigin(_ origin: String) -> Bool { origins?.names(origin) ?? false }

    /// Whether a page of this origin may read answers of the route (CORS): the pages that `decide` lets in.
    package func allowsOrigin(_ origin: String) -> Bool { origins?.allows(origin) ?? true }
}
