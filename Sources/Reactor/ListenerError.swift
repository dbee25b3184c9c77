internal import CLinux

/// Why nobody can listen there, and what to do about it.
package struct ListenerError: Error, Equatable, CustomStringConvertible {
    package enum Cause: Equatable, Sendable {
        /// The name has no address; what the resolver said.
        case unresolved(String)
        case refused(Errno)
    }

    package let address: ListenAddress
    package let cause: Cause

    package init(address: ListenAddress, cause: Cause) {
        self.address = address
        self.cause = cause
    }

    package var description: String {
        switch cause {
        case .unresolved(let reason): "cannot listen on \(address): \(reason)"
        case .refused(let error): "cannot listen on \(address): \(error)\(fix(of: error).map { "; \($0)" } ?? "")"
        }
    }

    private func fix(of error: Errno) -> String? {
        switch error.code {
        case EADDRINUSE: "stop the process that listens there, or choose another address"
        case EADDRNOTAVAIL: "no interface of this machine has that address"
        case EACCES where address.port.map { $0 < 1024 } ?? false:
            "ports below 1024 need the capability CAP_NET_BIND_SERVICE"
        case EACCES: "the folder must be writable for this user"
        case ENOENT: "the folder must exist"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        default: nil
        }
    }
}
