import Glibc

/// Standard error, a line at a time.
enum StandardError {
    /// One write(2) for a line and its newline, so that lines of several threads and processes do not mix. Waits for a
    /// slow reader as every writer to standard error does; a line that cannot be written is lost.
    @Sendable static func write(_ line: String) {
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
