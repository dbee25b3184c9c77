import Foundation
import Glibc
import Synchronization

/// A process of the test's own, in a process group of its own, killed with its last reference.
///
/// What it prints goes to files: nothing has to be read for it to go on. Made by `posix_spawn`, since Foundation's
/// `Process` learns of an end only when no descendant holds its socket any more.
final class Child: Sendable {
    let pid: pid_t
    /// Its command line, for whoever asks what happened.
    private let command: String
    private let input: Int32
    private let outputFile: URL
    private let errorFile: URL
    private let ended = Mutex<ExitStatus?>(nil)

    /// - Parameter environment: added to the test's own, of which the `SLUICE_` variables are left out.
    init(
        _ program: URL,
        _ arguments: [String],
        in workspace: Workspace,
        environment: [String: String] = [:]
    ) throws {
        // Where files lie tells nothing.
        let parts = arguments.map { $0.hasPrefix("/") ? URL(filePath: $0).lastPathComponent : $0 }
        command = ([program.lastPathComponent] + parts).joined(separator: " ")
        outputFile = workspace.fresh("\(program.lastPathComponent).out")
        errorFile = workspace.fresh("\(program.lastPathComponent).err")
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("pipe: \(errno)") }
        defer { close(ends[0]) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        input = ends[1]

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for (number, file) in [(1, outputFile), (2, errorFile)] {
            posix_spawn_file_actions_addopen(&actions, Int32(number), file.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        Self.keepDescriptors()
        var attributes = Self.attributes()
        defer { posix_spawnattr_destroy(&attributes) }

        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SLUICE_") }
        let variables = inherited.merging(environment) { _, new in new }.map { "\($0.key)=\($0.value)" }
        var words = ([program.path] + arguments).map { strdup($0) } + [nil]
        var settings = variables.map { strdup($0) } + [nil]
        defer { for word in words + settings { free(word) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, program.path, &actions, &attributes, &words, &settings)
        guard code == 0 else {
            close(ends[1])
            throw Failure("\(program.path) does not start: \(String(cString: strerror(code)))")
        }
        self.pid = pid
        Evidence.attend(self)
    }

    deinit {
        Evidence.leave(self)
        kill(-pid, SIGKILL)
        if status == nil {
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        close(input)
    }

    /// What the test runner and its other tests have open is not the child's: one that may open few would run out.
    private static func keepDescriptors() {
        let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        for number in (open ?? []).compactMap(Int32.init) where number > 2 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    }

    /// A process group of its own, and no signal blocked or ignored, whatever the test runner does with its own.
    private static func attributes() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        var signals = sigset_t()
        posix_spawnattr_init(&attributes)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return attributes
    }

    /// How it ended; nil while it runs.
    var status: ExitStatus? {
        ended.withLock { ended in
            var raw: Int32 = 0
            if ended == nil, waitpid(pid, &raw, WNOHANG) == pid { ended = ExitStatus(wait: raw) }
            return ended
        }
    }

    var output: String { Self.text(outputFile) }
    var errors: String { Self.text(errorFile) }

    private static func text(_ file: URL) -> String {
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Writes a line to its standard input.
    func tell(_ line: String) throws {
        let bytes = Array("\(line)\n".utf8)
        guard write(input, bytes, bytes.count) == bytes.count else { throw Failure("it takes no line: \(line)") }
    }

    /// Waits for its end.
    @discardableResult
    func exit(within limit: Duration = .seconds(120)) async throws -> ExitStatus {
        do {
            return try await eventually("process \(pid) ends", within: limit) { status }
        } catch {
            throw Failure("\(error); it said: \(output.suffix(2_000)) \(errors.suffix(4_000))")
        }
    }

    /// Waits until its standard output has this many whole lines, and gives them.
    func lines(_ count: Int, within limit: Duration = .seconds(120)) async throws -> [Substring] {
        try await eventually("process \(pid) prints \(count) lines; \(errors.suffix(2_000))", within: limit) {
            let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count > count { return Array(lines.prefix(count)) }
            if let status { throw Failure("process \(pid) ended early, \(status): \(output) \(errors.suffix(4_000))") }
            return nil
        }
    }
}

extension Child: Witness {
    /// The gateway's before those of clients.
    var rank: Int { command.contains("sluice") && command.contains(" serve ") ? 2 : 3 }

    func testimony(isLeaving: Bool) -> [String] {
        let status = status
        let said = TextFile.lastLines(6, of: errorFile)
        // Who did what it was to do, and had nothing to add, is of no interest.
        if isLeaving, status == .code(0), said.isEmpty { return [] }
        let state = status.map { "ended, \($0)" } ?? "running"
        return ["\(command.prefix(160)) (\(pid), \(state)):"]
            + (TextFile.lastLines(2, of: outputFile) + said).map { "    \($0)" }
    }
}
