import Admission
import Foundation
import Gateway
import Reactor
import Settings
import Synchronization
import Telemetry
import Testing

@testable import sluice

/// What was handed to the gateway, and what was said.
private final class Recorder: ReloadTarget {
    let tables = Mutex<[AdmissionTable]>([])
    let listeners = Mutex<[Int]>([])
    let lines = Mutex<[String]>([])

    func replaceSecurity(listener: Int, with context: TLSContext) { listeners.withLock { $0.append(listener) } }
    func replaceAdmission(_ table: AdmissionTable) { tables.withLock { $0.append(table) } }

    var logger: Logger { Logger(minimum: .info) { line in self.lines.withLock { $0.append(line) } } }

    var said: [String] { lines.withLock { $0 } }

    /// Whether the newest table lets a token in.
    func admits(_ token: String) -> Bool? {
        tables.withLock { tables in
            let policy = tables.last?[listener: 0, route: 0].policy
            let verdict = policy?.decide(AdmissionRequest(authorization: ["Bearer \(token)"]), now: 0)
            return verdict.map { if case .admitted = $0 { true } else { false } }
        }
    }
}

@Suite struct ReloaderTests {
    private let folder: Folder
    private let recorder = Recorder()

    init() throws { folder = try Folder() }

    private func reloader(_ yaml: String) throws -> Reloader {
        let settings = try settings(yaml)
        return Reloader(
            settings,
            watch: FileWatch(settings, look: FileStamp.of),
            target: recorder,
            logger: recorder.logger
        )
    }

    @Test func tokensThatChangeAreReadOnceTheyAreStill() async throws {
        let tokens = try folder.file("tokens", "first\n")
        let reloader = try reloader("auth.tokens_file: \(tokens)")
        await reloader.lookAgain()
        #expect(recorder.admits("first") == nil)
        _ = try folder.file("tokens", "second-one\n")
        await reloader.lookAgain()
        #expect(recorder.admits("first") == nil)
        await reloader.lookAgain()
        #expect(recorder.admits("first") == false && recorder.admits("second-one") == true)
        await reloader.lookAgain()
        #expect(recorder.said == ["reloaded what=auth files=\(tokens)"])
    }

    @Test func aFileThatIsSwappedByALinkIsAChange() async throws {
        let first = try folder.file("first", "one\n")
        let second = try folder.file("second", "two\n")
        let link = "\(folder.path)/tokens"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: first)
        let reloader = try reloader("auth.tokens_file: \(link)")
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: second)
        await reloader.lookAgain()
        await reloader.lookAgain()
        #expect(recorder.admits("two") == true && recorder.admits("one") == false)
    }

    @Test func aBadFileChangesNothingAndTheNextChangeIsTriedAgain() async throws {
        let tokens = try folder.file("tokens", "first\n")
        let reloader = try reloader("auth.tokens_file: \(tokens)")
        try FileManager.default.removeItem(atPath: tokens)
        for _ in 0..<4 { await reloader.lookAgain() }
        #expect(recorder.admits("first") == nil)
        #expect(recorder.said.count == 1)
        #expect(recorder.said[0].hasPrefix("reload.failed setting=auth.tokens_file detail="))
        #expect(recorder.said[0].contains(tokens))
        _ = try folder.file("tokens", "third\n")
        for _ in 0..<2 { await reloader.lookAgain() }
        #expect(recorder.admits("third") == true)
    }

    @Test func aSignalReadsEverythingChangedOrNot() async throws {
        let tokens = try folder.file("tokens", "geheim\n")
        let reloader = try reloader("auth.tokens_file: \(tokens)")
        await reloader.readEverything()
        #expect(recorder.admits("geheim") == true)
        try FileManager.default.removeItem(atPath: tokens)
        await reloader.readEverything()
        #expect(recorder.said.count == 2)
        #expect(
            recorder.said[0]
                == "reloaded what=auth detail=\"certificates and tokens were read again; other settings are read at "
                + "start only\""
        )
        #expect(recorder.said[1].hasPrefix("reload.failed setting=auth.tokens_file"))
        #expect(!recorder.said.joined().contains("geheim"))
    }

    @Test func withoutFilesASignalSaysThatOtherSettingsAreReadAtStartOnly() async throws {
        let reloader = try reloader("auth.tokens: [geheim]")
        await reloader.readEverything()
        #expect(recorder.said.count == 1 && recorder.said[0].contains("other settings are read at start only"))
        #expect(recorder.admits("geheim") == nil)
        // Ends at once: there is nothing to look at.
        await reloader.run()
    }
}
