internal import CLinux

/// An error number of the kernel.
package struct Errno: Error, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// The calling thread's `errno`. To be asked directly after a call returned -1, and only then: success leaves
    /// the number of an older failure in place.
    static var last: Errno { Errno(code: cl_errno()) }

    /// What `strerror` says, in English whatever the locale.
    package var description: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            unsafe cl_error_text(code, text.baseAddress!, text.count)
            return unsafe String(cString: text.baseAddress!)
        }
    }
}

extension Errno {
    /// ECONNRESET: the peer sent RST.
    package static let connectionReset = Errno(code: ECONNRESET)
    /// EPIPE: we wrote to what the peer has closed.
    package static let brokenPipe = Errno(code: EPIPE)
    /// ECONNREFUSED: nobody listens there.
    package static let connectionRefused = Errno(code: ECONNREFUSED)
    /// EMFILE: this process has no descriptor left.
    package static let tooManyOpenFiles = Errno(code: EMFILE)
    /// EADDRINUSE.
    package static let addressInUse = Errno(code: EADDRINUSE)

    var isInterruption: Bool { code == EINTR }
    var isWouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }
    /// Whether the peer is gone, as opposed to something being wrong here.
    var isReset: Bool { code == ECONNRESET || code == EPIPE }
}
