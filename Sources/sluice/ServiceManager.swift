import Glibc
import Synchronization

/// The service manager that started the process (systemd): told how it is by datagrams to the socket that
/// `NOTIFY_SOCKET` names (sd_notify(3)). Without one nothing is said.
final class ServiceManager: Sendable {
    enum State {
        /// Clients can connect.
        case ready
        /// Settings are read again; `ready` follows.
        case reloading
        /// The graceful end has begun, and may take so long.
        case stopping(within: Duration)
        /// The event loops turn.
        case alive
    }

    /// How often it wants to hear `alive`: half of `WATCHDOG_USEC`, as sd_watchdog_enabled(3) recommends. Nil for never.
    let watchdog: Duration?
    private let socket: String?
    private let words = Mutex(ServiceWords())

    init(_ environment: [String: String], process: Int32 = getpid()) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isMeant = environment["WATCHDOG_PID"].map { Int32($0) == process } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = socket != nil && isMeant && microseconds > 0 ? .microseconds(microseconds) / 2 : nil
    }

    /// Whoever cannot be told stays untold: a service that runs is worth more than a word about it. So does a state that
    /// makes no sense behind the one before.
    func say(_ state: State) {
        // Under the lock, so that what is said comes in its order.
        words.withLock { if $0.takes(state) { send(state) } }
    }

    private func send(_ state: State) {
        guard let socket, let (address, length) = Self.address(socket) else { return }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        let text = Array(Self.text(state).utf8)
        unsafe withUnsafePointer(to: address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                _ = unsafe sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), name, length)
            }
        }
        close(descriptor)
    }

    /// Says `alive` as often as it is wanted, each time after `turn` has come back. Ends when cancelled.
    func keepWatched(_ turn: () async -> Void) async {
        guard let watchdog else { return }
        while (try? await Task.sleep(for: watchdog)) != nil {
            await turn()
            say(.alive)
        }
    }

    static func text(_ state: State) -> String {
        switch state {
        case .ready: "READY=1"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds)"
        // Longer than `drain`, because the last counters are asked for behind it.
        case .stopping(let within): "STOPPING=1\nEXTEND_TIMEOUT_USEC=\((within.components.seconds + 10) * 1_000_000)"
        case .alive: "WATCHDOG=1"
        }
    }

    private static var monotonicMicroseconds: Int {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
    }

    /// A path, or with `@` in front a name in Linux's abstract namespace (unix(7)).
    private static func address(_ socket: String) -> (sockaddr_un, socklen_t)? {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(socket.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        bytes[0] = isAbstract ? 0 : bytes[0]
        guard bytes.count < MemoryLayout.size(ofValue: name.sun_path) else { return nil }
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        return (name, socklen_t(length))
    }
}
