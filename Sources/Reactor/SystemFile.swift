internal import CLinux

/// Small files of the kernel.
enum SystemFile {
    /// The first 4,096 bytes as text, or nil when the file cannot be read.
    static func read(_ path: String) -> String? {
        let descriptor = unsafe cl_open_read(path)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = unsafe CLinux.read(descriptor, buffer.baseAddress, buffer.count)
            guard count >= 0 else { return nil }
            return unsafe String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }
}
