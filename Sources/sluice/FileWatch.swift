import Settings

/// Decides what is read again when files have changed. Knows no clock and reads nothing.
///
/// Certificate and key are two files that change one after the other, so what is made of several files is made again
/// when all of them have looked the same twice in a row.
struct FileWatch: Sendable {
    /// What is made of files.
    enum Part: Hashable, Sendable {
        /// `listeners[].ssl`.
        case security(listener: Int)
        /// Every `auth` together.
        case admission
    }

    /// A part that is to be made again, and which of its files have changed.
    struct Change: Equatable, Sendable {
        let part: Part
        let files: [String]
    }

    /// The file's look by name; one that is not there has none.
    typealias Look = [String: FileStamp]

    private struct Entry: Sendable {
        let part: Part
        let files: [String]
        /// As of the last reading.
        var used: Look
        /// As of the last look.
        var seen: Look
    }

    private var entries: [Entry] = []

    /// - Parameter look: from before the files were read for the first time.
    init(_ settings: Settings, look: (String) -> FileStamp?) {
        for (index, listener) in settings.listeners.enumerated() {
            add(.security(listener: index), listener.isSecurityLeaving ? [] : listener.tls?.files ?? [], look)
        }
        add(.admission, settings.wantedAccess.flatMap(\.files), look)
    }

    private mutating func add(_ part: Part, _ files: [String], _ look: (String) -> FileStamp?) {
        let files = Array(Set(files)).sorted()
        guard !files.isEmpty else { return }
        let now = Self.look(files, look)
        entries.append(Entry(part: part, files: files, used: now, seen: now))
    }

    private static func look(_ files: [String], _ look: (String) -> FileStamp?) -> Look {
        var now: Look = [:]
        for file in files { now[file] = look(file) }
        return now
    }

    /// What is made of files.
    var parts: [Part] { entries.map(\.part) }

    /// What has changed since it was last read, and has stopped changing. Each change is named once, whether what is
    /// made of it is any good or not.
    mutating func changes(_ look: (String) -> FileStamp?) -> [Change] {
        var changes: [Change] = []
        for index in entries.indices {
            let now = Self.look(entries[index].files, look)
            defer { entries[index].seen = now }
            guard now == entries[index].seen, now != entries[index].used else { continue }
            let files = entries[index].files.filter { now[$0] != entries[index].used[$0] }
            entries[index].used = now
            changes.append(Change(part: entries[index].part, files: files))
        }
        return changes
    }
}

extension ListenerTLS {
    /// Every file it is made of.
    var files: [String] { certificates.flatMap { [$0.certificate, $0.key] } + authorities }
}

extension Settings {
    /// Everywhere but on listeners that stay only until the restart.
    fileprivate var wantedAccess: [Access] {
        [access] + listeners.filter { !$0.isLeaving }.map(\.access) + routes.map(\.access)
    }
}

extension Access {
    var files: [String] {
        guard case .required(let credentials) = auth else { return [] }
        return [credentials.tokensFile, credentials.jwt?.jwksFile].compactMap { $0 }
    }
}
