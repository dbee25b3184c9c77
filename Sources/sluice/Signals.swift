import Glibc

/// The signals of `sluice serve`: blocked in all threads, taken one by one by the main thread.
enum Signals {
    enum Wish: Sendable {
        /// SIGTERM or SIGINT.
        case end(name: String)
        /// SIGHUP: the settings and the files they name are read again.
        case reload
    }

    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Must be called before the first thread is started.
    static func block() {
        var set = waited
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Hands on the signals as they come. Never returns; the main thread does nothing else.
    static func wait(_ wishes: AsyncStream<Wish>.Continuation) -> Never {
        var set = waited
        var number: Int32 = 0
        while true {
            guard unsafe sigwait(&set, &number) == 0 else { continue }
            switch number {
            case SIGTERM: wishes.yield(.end(name: "SIGTERM"))
            case SIGINT: wishes.yield(.end(name: "SIGINT"))
            default: wishes.yield(.reload)
            }
        }
    }

    private static var waited: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        unsafe sigaddset(&set, SIGHUP)
        return set
    }
}
