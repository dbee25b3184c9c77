import Glibc

/// What a file looks like from outside: when it looks otherwise, it may hold something else.
struct FileStamp: Equatable, Sendable {
    let device: UInt
    let inode: UInt
    let size: Int
    /// Nanoseconds since 1970.
    let modified: Int
    /// The same, of what the kernel keeps about the file: rights that were given make it readable.
    let changed: Int

    /// - Returns: nil where there is none. Links are followed: Kubernetes renews secrets by swapping a link.
    static func of(_ path: String) -> FileStamp? {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        return FileStamp(
            device: UInt(facts.st_dev),
            inode: UInt(facts.st_ino),
            size: Int(facts.st_size),
            modified: nanoseconds(facts.st_mtim),
            changed: nanoseconds(facts.st_ctim)
        )
    }

    private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }
}
