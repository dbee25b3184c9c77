internal import CLinux

/// What the C library does with memory that was freed.
package enum FreedMemory {
    /// Bytes kept in each heap of the C library.
    static let kept = 8 * 1024 * 1024

    /// Keeps it for the next burst rather than giving it back to the kernel at once.
    ///
    /// librdkafka allocates a structure for each record and a buffer for each request, and frees both when they are
    /// settled. By its defaults glibc gives the end of a heap back as soon as 128 KiB of it are free, and takes it again,
    /// zeroed page by page, with the next records: 2 to 10 % of a log's processor time at full speed.
    ///
    /// - Parameter environment: whoever tunes glibc by its own variables has thought about it, and is left alone.
    package static func keep(unless environment: [String: String]) {
        guard !isTuned(environment) else { return }
        cl_keep_freed_memory(Int32(kept))
    }

    static func isTuned(_ environment: [String: String]) -> Bool {
        environment.keys.contains { $0.hasPrefix("MALLOC_") }
            || environment["GLIBC_TUNABLES"]?.contains("glibc.malloc.") == true
    }
}
