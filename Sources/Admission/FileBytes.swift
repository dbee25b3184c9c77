internal import Glibc

/// Reads a file of tokens or keys.
enum FileBytes {
    /// None is longer; looking for one token among those of such a file takes less than a millisecond.
    static let maxBytes = 1 << 20

    static func read(_ path: String) throws(AdmissionError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= maxBytes else {
                throw .file(path: path, problem: "is longer than \(maxBytes) bytes; is this the right file?")
            }
        }
    }

    private static func unreadable(_ path: String, _ code: Int32) -> AdmissionError {
        .file(path: path, problem: "cannot be read: \(unsafe String(cString: strerror(code)))")
    }
}
