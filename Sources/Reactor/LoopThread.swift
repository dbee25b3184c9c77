internal import CLinux

/// A thread that runs one body, which makes its loop itself, and ends with it.
package struct LoopThread: ~Copyable, Sendable {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    // pthread_t is an address on some systems; as a number it is Sendable on all.
    private let id: UInt

    private init(id: UInt) { self.id = id }

    deinit { pthread_detach(pthread_t(id)) }

    /// Starts a thread. It inherits the caller's blocked signals.
    ///
    /// - Parameter name: as ps and top show it; cut after 15 bytes.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) -> LoopThread {
        var id = pthread_t()
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        let code = unsafe pthread_create(&id, nil, Self.main, start.toOpaque())
        guard code == 0 else {
            unsafe start.release()
            throw Errno(code: code)
        }
        return LoopThread(id: UInt(id))
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
        let start = unsafe Unmanaged<Start>.fromOpaque(raw!).takeRetainedValue()
        _ = unsafe String(decoding: Array(start.name.utf8.prefix(15)), as: UTF8.self).withCString { name in
            unsafe cl_thread_name(name)
        }
        start.body()
        return nil
    }

    /// Waits until the body has returned.
    package consuming func join() {
        _ = pthread_join(pthread_t(id), nil)
        discard self
    }
}
