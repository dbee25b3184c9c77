/// A version of TLS that may be offered. What is older is broken.
package enum TLSVersion: Sendable, CaseIterable, Comparable {
    /// RFC 5246.
    case tls12
    /// RFC 8446.
    case tls13
}
