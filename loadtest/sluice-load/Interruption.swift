internal import Glibc
internal import Synchronization

/// Whether the run was interrupted from the terminal. The first time it ends as it would have later, with its report;
/// the second time ends the process.
enum Interruption {
    private static let asked = Atomic<Bool>(false)

    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Takes SIGINT.
    static func watch() {
        // Touched here, since a signal handler must not be the first to: making it may lock.
        asked.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in
            Interruption.asked.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
    }
}
