import Foundation

/// A folder of one test's own, removed with it.
final class Workspace: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sluice-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A name in the folder that nothing has yet.
    func fresh(_ name: String) -> URL { folder.appending(path: "\(UUID().uuidString.prefix(8))-\(name)") }

    /// A new file with this text.
    func file(_ name: String, _ text: String) throws -> URL {
        let url = fresh(name)
        try text.write(to: url, atomically: true, encoding: .utf8)
        return url
    }
}
