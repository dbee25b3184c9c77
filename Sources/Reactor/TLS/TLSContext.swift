/// Certificates, keys and rules of TLS, made once and never changed after.
package final class TLSContext: Sendable {
    /// What is not wrong enough to refuse to start: a certificate that has expired or will soon.
    package let warnings: [String] = []
    /// When the first of its certificates expires, in Unix seconds.
    package let notAfter: Int64 = .max

    private init() {}

    /// For listeners. Reads files and computes: not on a loop.
    package static func server(_ configuration: TLSServerConfiguration) throws(TLSError) -> TLSContext {
        throw TLSError("TLS is not built yet")
    }

    /// For outgoing connections. Reads files and computes: not on a loop.
    package static func client(_ configuration: TLSClientConfiguration) throws(TLSError) -> TLSContext {
        throw TLSError("TLS is not built yet")
    }
}
