import Admission
import Foundation
import Gateway
import LogPipeline
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
    let updates = Mutex<[Gateway.Update]>([])
    let checked = Mutex<[Gateway.Update]>([])
    let expected = Mutex<[Gateway.Update]>([])
    let lines = Mutex<[String]>([])
    let refusal = Mutex<Gateway.UpdateError?>(nil)

    func check(_ update: Gateway.Update) throws(Gateway.UpdateError) {
        if let error = refusal.withLock({ $0 }) { throw error }
        checked.withLock { $0.append(update) }
    }

    func expect(_ update: Gateway.Update) { expected.withLock { $0.append(update) } }

    func update(_ update: Gateway.Update) async throws(Gateway.UpdateError) {
        tables.withLock { $0.append(update.configuration.admission) }
        updates.withLock { $0.append(update) }
    }

    func replaceSecurity(listener: Int, with context: TLSContext) { listeners.withLock { $0.append(listener) } }
    func replaceAdmission(_ table: AdmissionTable) { tables.withLock { $0.append(table) } }

    var logger: Logger { Logger(minimum: .info) { line in self.lines.withLock { $0.append(line) } } }

    var said: [String] { lines.withLock { $0 } }
    var latest: Gateway.Update? { updates.withLock { $0.last } }

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
    private let flusher = ConsoleFlusher()
    private let clock: Clock
    private let record: ReloadRecord

    /// Seconds since 1970.
    private final class Clock: Sendable {
        let now = Atomic<Int>(1)
    }

    init() throws {
        folder = try Folder()
        let clock = Clock()
        self.clock = clock
        record = ReloadRecord { Double(clock.now.load(ordering: .relaxed)) }
    }

    /// How many topics the flusher knows.
    private var topicCount: Int { get throws { try flusher.indices(for: ["another"])[0].rawValue } }

    private func reloader(_ yaml: String) throws -> Reloader {
        let file = try folder.file("sluice.yml", "output.console: {}\n" + yaml)
        let (settings, _) = try Settings.load(file: file)
        return Reloader(
            settings,
            watch: FileWatch(settings, look: FileStamp.of),
            source: { () throws(SettingsErrors) in try Configuration.read(.init(config: file)) },
            target: recorder,
            flusher: flusher,
            record: record,
            logger: recorder.logger
        )
    }

    private func rewrite(_ yaml: String) throws { _ = try folder.file("sluice.yml", "output.console: {}\n" + yaml) }

    private func findings(_ verdict: ReloadVerdict) throws -> ReloadVerdict.Findings {
        guard case .done(let findings) = verdict else { throw NotDone(verdict: verdict) }
        return findings
    }

    private struct NotDone: Error { let verdict: ReloadVerdict }

    // MARK: Files that change by themselves

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

    // MARK: Settings that are read again

    @Test func whatCanChangeDoesAndTheRestIsNamed() async throws {
        let tokens = try folder.file("tokens", "geheim\n")
        let reloader = try reloader("auth.tokens_file: \(tokens)\nroutes: [{path: /logs}, {path: /b, topic: b}]")
        _ = try folder.file("tokens", "neues-geheimnis\n")
        try rewrite(
            "auth.tokens_file: \(tokens)\ndrain: 5s\nloops: 3\nroutes: [{path: /c, topic: c}, {path: /logs, max_len: 7}]"
        )
        let findings = try findings(await reloader.reload())
        #expect(
            findings.changes.map(\.description) == [
                "loops: none -> 3, takes effect after a restart", "drain: 30s -> 5s, live",
                "routes[/logs].max_len: 960KiB -> 7, live", "routes[/c]: added, live", "routes[/b]: removed, live",
            ]
        )
        #expect(findings.files == ["auth"])
        let update = try #require(recorder.latest)
        #expect(update.configuration.routes.map(\.path) == ["/c", "/logs"])
        #expect(update.configuration.routes.map(\.maxLen) == [960 << 10, 7])
        #expect(update.topics.map(\.1) == ["c", "logs"])
        #expect(recorder.admits("neues-geheimnis") == true && recorder.admits("geheim") == false)
        #expect(reloader.drain == .seconds(5))
        #expect(recorder.said.last == "reloaded changed=4 need_restart=1 files=auth")
        #expect(!recorder.said.joined().contains("geheim"))
        // What takes a restart goes on being named, what has changed does not.
        let again = try self.findings(await reloader.reload())
        #expect(again.changes.map(\.key) == ["loops"])
        // The files are watched from here on, and what was read is not read again.
        for _ in 0..<2 { await reloader.lookAgain() }
        #expect(recorder.said.last == "reloaded changed=0 need_restart=1 files=auth")
    }

    @Test func aTrialChangesNothing() async throws {
        let reloader = try reloader("max_len: 5")
        try rewrite("max_len: 6")
        let findings = try findings(await reloader.trial())
        #expect(findings.changes.map(\.key).contains("max_len") && recorder.latest == nil && recorder.said.isEmpty)
        let text = await reloader.trial().text(isTrial: true)
        #expect(text.hasPrefix("a reload would change:\nmax_len: 5 -> 6, live\n"))
        try rewrite("max_len: x")
        guard case .refused(let lines) = await reloader.trial() else { return #expect(Bool(false)) }
        #expect(lines.count == 1 && lines[0].contains("sluice.yml:2: max_len: "))
    }

    @Test(arguments: [
        ("routes: [", "sluice.yml:"), ("max_lenn: 5", "sluice.yml:2: max_lenn: there is no such setting"),
        ("max_len: [1]", "sluice.yml:2: max_len: is a list"),
        ("routes: [{path: /a}, {path: /a}]", "sluice.yml:2: routes[1].path: "),
        ("auth.tokens: ${NOBODY_HAS_SET_THIS}", "NOBODY_HAS_SET_THIS is not set"),
        ("auth.tokens_file: /nowhere/tokens", "sluice.yml:2: auth.tokens_file: /nowhere/tokens"),
        (
            "listeners: [{address: 'a:1', ssl: {certificate: /nowhere/c, key: /nowhere/k}}]",
            "listeners[0].ssl.certificate"
        ),
        ("trusted_proxies: [nobody]", "sluice.yml:2: trusted_proxies: "),
        ("origins: ['not an origin']", "sluice.yml:2: origins: "),
        ("output.kafka: {}", "output"),
    ])
    func aBadFileIsRefusedAndChangesNothing(yaml: String, reason: String) async throws {
        let reloader = try reloader("max_len: 5\nauth.tokens: [geheim]")
        try rewrite(yaml)
        guard case .refused(let lines) = await reloader.reload() else { return #expect(Bool(false)) }
        #expect(lines.contains { $0.contains(reason) }, "\(lines)")
        #expect(recorder.latest == nil && recorder.admits("geheim") == nil)
        #expect(
            recorder.said.count == lines.count && recorder.said.allSatisfy { $0.hasPrefix("reload.failed detail=") }
        )
        try rewrite("max_len: 6\nauth.tokens: [geheim]")
        #expect(try findings(await reloader.reload()).changes.first?.description == "max_len: 5 -> 6, live")
    }

    @Test(arguments: [
        ("", "it is empty"), ("output.kafka.hosts: ['a:1']\n", "output: another kind"),
    ])
    func whatWouldOpenOrMoveEverythingIsRefused(file: String, reason: String) async throws {
        let reloader = try reloader("auth.tokens: [geheim]")
        _ = try folder.file("sluice.yml", file)
        guard case .refused(let lines) = await reloader.reload() else { return #expect(Bool(false)) }
        #expect(lines.count == 1 && lines[0].contains(reason), "\(lines)")
        #expect(recorder.latest == nil)
    }

    @Test func whatTakesEffectGoesTogetherWithWhatStays() async throws {
        let listener = "listeners: [{address: '127.0.0.1:1', proxy_protocol: true}]"
        let reloader = try reloader("trusted_proxies: [127.0.0.1]\n" + listener)
        try rewrite("listeners: [{address: '127.0.0.1:1'}]")
        guard case .refused(let lines) = await reloader.reload() else { return #expect(Bool(false)) }
        #expect(lines.contains { $0.contains("trusted_proxies") && $0.contains("after a restart only") }, "\(lines)")
        #expect(recorder.latest == nil)
    }

    @Test func whatTheGatewayDoesNotTakeIsNoChange() async throws {
        let reloader = try reloader("max_len: 5")
        recorder.refusal.withLock { $0 = .topicChangesUse("dead", isOfLogs: false) }
        try rewrite("max_len: 6\ndrain: 1s")
        guard case .refused(let lines) = await reloader.reload() else { return #expect(Bool(false)) }
        #expect(lines[0].contains("topic \"dead\"") && reloader.drain == .seconds(30))
        recorder.refusal.withLock { $0 = .draining }
        #expect(await reloader.reload() == .draining)
        recorder.refusal.withLock { $0 = nil }
        #expect(try findings(await reloader.reload()).changes.map(\.key).contains("max_len"))
    }

    @Test func whatIsRefusedMakesNoTopicKnown() async throws {
        let reloader = try reloader("routes: [{path: /logs}]")
        try rewrite("routes: [{path: /logs}, {path: /a, topic: a}, {path: /b, topic: b}]")
        for refusal in [Gateway.UpdateError.topicChangesUse("dead", isOfLogs: true), .tooManyRoutes, .draining] {
            recorder.refusal.withLock { $0 = refusal }
            let verdicts = [await reloader.reload(), await reloader.trial()]
            for verdict in verdicts {
                if refusal == .draining {
                    #expect(verdict == .draining)
                } else {
                    #expect(verdict == .refused([refusal.description]))
                }
            }
            #expect(try topicCount == 0)
        }
        recorder.refusal.withLock { $0 = nil }
        _ = try findings(await reloader.trial())
        #expect(try topicCount == 0 && recorder.latest == nil)
        _ = try findings(await reloader.reload())
        #expect(try topicCount == 3)
        // What was asked about is what came.
        let (asked, came) = (try #require(recorder.checked.withLock { $0.last }), try #require(recorder.latest))
        #expect(asked.configuration.routes == came.configuration.routes)
        #expect(asked.topics.map(\.1) == ["logs", "a", "b"] && asked.topics.map(\.0) == came.topics.map(\.0))
    }

    // MARK: Listeners that are leaving

    private func listeners(_ second: String) throws -> String {
        "routes: [{path: /logs}]\nlisteners: [{address: '127.0.0.1:1'}, \(second)]"
    }

    @Test func aListenerThatIsLeavingNeedsItsFilesNoMore() async throws {
        let certificates = Certificates(folder: folder)
        try certificates.make("leaving")
        let tokens = try folder.file("tokens", "geheim\n")
        let (pem, key) = ("\(folder.path)/leaving.pem", "\(folder.path)/leaving.key")
        let second = "{address: '127.0.0.1:2', auth.tokens_file: \(tokens), ssl: {certificate: \(pem), key: \(key)}}"
        let reloader = try reloader(listeners(second))
        for file in [pem, key, tokens] { try FileManager.default.removeItem(atPath: file) }
        // While it is wanted, so are its files.
        guard case .refused(let lines) = await reloader.reload() else { return #expect(Bool(false)) }
        #expect(lines.count == 2)
        try rewrite("routes: [{path: /logs, max_len: 7}]\nlisteners: [{address: '127.0.0.1:1'}]")
        for _ in 0..<2 {
            let findings = try findings(await reloader.reload())
            #expect(
                findings.changes.map(\.description).contains(
                    "listeners[127.0.0.1:2]: removed, takes effect after a restart"
                )
            )
            #expect(findings.files.isEmpty)
        }
        let update = try #require(recorder.latest)
        #expect(update.securities.map { $0 != nil } == [false, false] && update.configuration.routes[0].maxLen == 7)
        let policy = update.configuration.admission[listener: 1, route: 0].policy
        let request = AdmissionRequest(authorization: ["Bearer geheim"])
        guard case .refused = policy.decide(request, now: 0) else { return #expect(Bool(false), "an open door") }
        for _ in 0..<3 { await reloader.lookAgain() }
        #expect(!recorder.said.last!.hasPrefix("reload.failed"))
        // It is wanted again, and so are its files.
        try certificates.make("leaving")
        _ = try folder.file("tokens", "geheim\n")
        try rewrite(listeners(second))
        #expect(try findings(await reloader.reload()).files == ["listeners[1].ssl", "auth"])
        #expect(recorder.latest?.securities.map { $0 != nil } == [false, true])
    }

    @Test func aListenerWhoseSSLIsLeavingNeedsNoCertificateMore() async throws {
        let certificates = Certificates(folder: folder)
        try certificates.make("leaving")
        let (pem, key) = ("\(folder.path)/leaving.pem", "\(folder.path)/leaving.key")
        let reloader = try reloader(listeners("{address: '127.0.0.1:2', ssl: {certificate: \(pem), key: \(key)}}"))
        for file in [pem, key] { try FileManager.default.removeItem(atPath: file) }
        try rewrite(listeners("{address: '127.0.0.1:2', limits.connections: 3}"))
        let findings = try findings(await reloader.reload())
        #expect(findings.changes.contains { $0.key.hasSuffix(".ssl") && $0.effect == .restart }, "\(findings.changes)")
        let update = try #require(recorder.latest)
        #expect(update.securities.map { $0 != nil } == [false, false])
        #expect(update.configuration.admission[listener: 1, route: 0].limits.connections == 3)
    }

    // MARK: What came of it

    @Test func theRecordSaysWhatCameOfTheLastReading() async throws {
        func status(_ isSuccessful: Bool, _ time: Double) -> ReloadStatus {
            ReloadStatus(isSuccessful: isSuccessful, succeededAt: time)
        }
        func pass() { clock.now.add(1, ordering: .relaxed) }
        let tokens = try folder.file("tokens", "first\n")
        let reloader = try reloader("auth.tokens_file: \(tokens)")
        #expect(record.status == status(true, 1))
        pass()
        try rewrite("max_lenn: 5")
        _ = await reloader.trial()
        #expect(record.status == status(true, 1))
        _ = await reloader.reload()
        #expect(record.status == status(false, 1))
        try rewrite("auth.tokens_file: \(tokens)\nmax_len: 5")
        _ = await reloader.reload()
        #expect(record.status == status(true, 2))
        pass()
        // A file that changes by itself.
        try FileManager.default.removeItem(atPath: tokens)
        for _ in 0..<3 { await reloader.lookAgain() }
        #expect(record.status == status(false, 2))
        _ = try folder.file("tokens", "later-one\n")
        for _ in 0..<3 { await reloader.lookAgain() }
        #expect(record.status == status(true, 3))
        recorder.refusal.withLock { $0 = .draining }
        _ = await reloader.reload()
        #expect(record.status == status(true, 3))
    }

    @Test func whatIsMendedElsewhereMendsNothingHere() {
        let record = ReloadRecord { 5 }
        record.read(.security(listener: 0), isUsed: false)
        record.read(.admission, isUsed: true)
        #expect(!record.status.isSuccessful)
        record.refused()
        record.read(.security(listener: 0), isUsed: true)
        #expect(!record.status.isSuccessful)
        record.reloaded()
        #expect(record.status.isSuccessful)
    }

    @Test func theLevelOfTheLogChanges() async throws {
        let reloader = try reloader("")
        try rewrite("logging.level: error")
        _ = await reloader.reload()
        // Said by a copy of the logger that has no level any more.
        #expect(recorder.said.isEmpty)
    }

    @Test func reloadsAtOnceComeOneAfterTheOther() async throws {
        let reloader = try reloader("max_len: 5")
        try rewrite("max_len: 6")
        let verdicts = await withTaskGroup(of: ReloadVerdict.self) { group in
            for _ in 0..<20 { group.addTask { await reloader.reload() } }
            return await group.reduce(into: [ReloadVerdict]()) { $0.append($1) }
        }
        let changed = try verdicts.filter { try !findings($0).changes.isEmpty }
        #expect(verdicts.count == 20 && changed.count == 1)
        #expect(recorder.updates.withLock { $0.count } == 20)
    }
}
