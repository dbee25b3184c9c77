import Settings
import Testing

@testable import sluice

@Suite struct FileWatchTests {
    private static let yaml = """
        listeners:
          - address: 127.0.0.1:1
          - address: 127.0.0.1:2
            ssl: {certificate: cert, key: key, certificate_authorities: [ca]}
          - address: 127.0.0.1:3
            ssl: {certificate: cert, key: key2, certificates: [{certificate: cert3, key: key3}]}
        auth.tokens_file: tokens
        routes: [{path: /a}, {path: /b, auth.jwt.jwks_file: jwks}, {path: /c, auth.tokens_file: tokens}]
        """

    /// Files that look as one says.
    private struct Disk {
        var versions: [String: Int] = [:]

        subscript(_ file: String) -> FileStamp? {
            versions[file] == -1
                ? nil : FileStamp(device: 0, inode: 0, size: 0, modified: versions[file] ?? 0, changed: 0)
        }
    }

    private func watch(_ disk: Disk = Disk()) throws -> FileWatch {
        try FileWatch(settings(Self.yaml), look: { disk[$0] })
    }

    @Test func nothingChangesByLooking() throws {
        var watch = try watch()
        let changes = [watch.changes { Disk()[$0] }, watch.changes { Disk()[$0] }]
        #expect(changes == [[], []])
    }

    @Test func aFileIsReadOnceAfterItHasStoppedChanging() throws {
        var watch = try watch()
        var disk = Disk()
        var found: [[FileWatch.Change]] = []
        for version in [1, 2, 3, 3, 3] {
            disk.versions["key"] = version
            found.append(watch.changes { disk[$0] })
        }
        #expect(found == [[], [], [], [.init(part: .security(listener: 1), files: ["key"])], []])
    }

    @Test func whatChangesTogetherIsReadTogether() throws {
        var watch = try watch()
        var disk = Disk()
        disk.versions["cert"] = 1
        let first = watch.changes { disk[$0] }
        // The certificate is still by now, its key has just come: only the listener that has both waits.
        disk.versions["key"] = 1
        let second = watch.changes { disk[$0] }
        let third = watch.changes { disk[$0] }
        #expect(first == [])
        #expect(second == [.init(part: .security(listener: 2), files: ["cert"])])
        #expect(third == [.init(part: .security(listener: 1), files: ["cert", "key"])])
    }

    @Test func tokensAndKeysOfTokensAreOnePart() throws {
        var watch = try watch()
        var disk = Disk()
        disk.versions = ["tokens": 1, "jwks": 1]
        let found = [watch.changes { disk[$0] }, watch.changes { disk[$0] }]
        #expect(found == [[], [.init(part: .admission, files: ["jwks", "tokens"])]])
    }

    @Test func aFileThatGoesAndComesBackIsAChangeEachTime() throws {
        var watch = try watch()
        var disk = Disk()
        var found: [Int] = []
        for version in [-1, -1, -1, 0, 0, 0] {
            disk.versions["tokens"] = version
            found.append(watch.changes { disk[$0] }.count)
        }
        #expect(found == [0, 1, 0, 0, 1, 0])
    }

    @Test func everyPartThatIsMadeOfFilesIsNamed() throws {
        #expect(try watch().parts == [.security(listener: 1), .security(listener: 2), .admission])
    }

    @Test func withoutFilesThereIsNothingToWatch() throws {
        let watch = try FileWatch(settings("auth.tokens: [a]"), look: { _ in nil })
        #expect(watch.parts.isEmpty)
    }

    @Test func aStampTellsFilesApart() throws {
        let folder = try Folder()
        let file = try folder.file("a", "one")
        let first = try #require(FileStamp.of(file))
        #expect(FileStamp.of(file) == first)
        _ = try folder.file("a", "longer")
        #expect(FileStamp.of(file) != first)
        #expect(FileStamp.of("\(folder.path)/b") == nil)
    }
}
