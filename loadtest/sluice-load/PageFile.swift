internal import Glibc

/// The file of `--report`, opened before the run so that a name that cannot be written costs nobody an hour.
final class PageFile {
    private let descriptor: Int32
    private let path: String

    /// - Throws: `UsageError.unusable`.
    init(_ path: String) throws(UsageError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unusable("--report \(path): \(Self.reason())") }
    }

    deinit { close(descriptor) }

    func write(_ text: String) throws(PageFileError) {
        ftruncate(descriptor, 0)
        guard Output.write(text, to: descriptor) else { throw PageFileError(path: path, reason: Self.reason()) }
    }

    private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}

/// A page that was not written.
struct PageFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "--report \(path): \(reason)" }
}
