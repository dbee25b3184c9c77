internal import COpenSSL

/// OpenSSL's errors of this thread, which may be a connection's that is about to read them.
enum ErrorQueue {
    /// Runs the body and takes away the errors that it left, and no others.
    static func undisturbed<Result>(_ body: () -> Result) -> Result {
        ERR_set_mark()
        defer { ERR_pop_to_mark() }
        return body()
    }
}
