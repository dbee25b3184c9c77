import Glibc

/// Reads a settings file.
enum FileText {
    /// Bytes; no settings are longer.
    static let maxBytes = 1 << 20

    static func read(_ path: String) throws(SettingsError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= maxBytes else {
                throw SettingsError(
                    origin: .none,
                    key: path,
                    problem: .unreadable("longer than \(maxBytes) bytes; is this the right file?")
                )
            }
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> SettingsError {
        let words = unsafe String(cString: strerror(code))
        return SettingsError(origin: .none, key: path, problem: .unreadable(words))
    }
}
