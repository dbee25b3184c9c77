/// Why a request may not come in.
package enum AdmissionRefusal: Sendable, Equatable {
    /// 403: the page that asks is of an origin that may not.
    case origin
    /// 401.
    ///
    /// - Parameters:
    ///   - missing: the request has no credential; otherwise it has one that is not good.
    ///   - challenge: values of WWW-Authenticate.
    ///   - detail: for the log, without any secret. Clients are not told.
    case credentials(missing: Bool, challenge: [String], detail: String)
}
