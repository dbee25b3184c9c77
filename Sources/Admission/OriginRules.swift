/// The origins of pages that may open a connection (RFC 6454): `https://a.example`, `https://*.example.com`, `*`,
/// `null`.
package struct OriginRules: Sendable {
    private let origins: Set<Origin>
    private let subdomains: [Origin]
    private let isAnyAllowed: Bool
    private let isNullAllowed: Bool

    /// - Throws: `.origin` for a pattern that could match nothing that a browser sends.
    package init(_ patterns: [String]) throws(AdmissionError) {
        var origins: Set<Origin> = []
        var subdomains: [Origin] = []
        for text in patterns where text != "*" && text != "null" {
            switch try OriginPattern(text) {
            case .exact(let origin): origins.insert(origin)
            case .subdomains(let parent): subdomains.append(parent)
            }
        }
        self.origins = origins
        self.subdomains = subdomains
        isAnyAllowed = patterns.contains("*")
        isNullAllowed = patterns.contains("null")
    }

    /// Whether a request with these Origin fields passes. One without is no browser's: it could say what it likes.
    func admits(_ values: [String]) -> Bool {
        guard let value = values.first else { return true }
        return values.count == 1 && allows(value)
    }

    /// `*` does not stand for `null`: that is what a page says which hides its origin.
    func allows(_ value: String) -> Bool {
        if value == "null" { return isNullAllowed }
        return isAnyAllowed || names(value)
    }

    /// Whether it is one of those listed, or below one; neither `*` nor `null` counts.
    func names(_ value: String) -> Bool {
        guard let origin = Origin(value) else { return false }
        return origins.contains(origin) || subdomains.contains { origin.isSubdomain(of: $0) }
    }
}
