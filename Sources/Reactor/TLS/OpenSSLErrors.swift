internal import COpenSSL

/// The calling thread's queue of OpenSSL's errors.
///
/// What an earlier call left there would be taken for the fault of the next one, and so of another connection: it is
/// cleared before every call whose failure is asked about.
enum OpenSSLErrors {
    @inline(__always)
    static func clear() { ERR_clear_error() }

    /// The newest, or 0.
    static var last: UInt { ERR_peek_last_error() }

    /// The oldest, which is the cause of the others; 0 for none.
    static var first: UInt { ERR_peek_error() }

    static func reason(of code: UInt) -> String {
        if code == 0 { return "no reason is known" }
        guard let text = unsafe ERR_reason_error_string(code) else {
            return "OpenSSL's error \(String(code, radix: 16))"
        }
        return unsafe String(cString: text)
    }
}
