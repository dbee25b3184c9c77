import Glibc
import Settings

/// One question to the admin pages of a gateway, and its answer. Blocks, for so long at most.
struct AdminClient {
    struct Answer: Equatable {
        let status: Int
        let body: String
    }

    enum Problem: Error, Equatable, CustomStringConvertible {
        /// The settings say `admin: none`.
        case noAdmin(String)
        /// The settings do not say at which port.
        case unknownPlace(String)
        case unreachable(String, why: String)
        case noAnswer(String, why: String)

        var description: String {
            switch self {
            case .noAdmin(let name):
                "\(name) has admin: none, so nobody can be asked; SIGHUP has a process read its settings again"
            case .unknownPlace(let name): "\(name) does not say at which port admin is; name it with --admin HOST:PORT"
            case .unreachable(let place, let why):
                "nobody answers at \(place) (\(why)); does Sluice run, and is its admin there? Else: --admin HOST:PORT"
            case .noAnswer(let place, let why): "\(place) gave no answer: \(why)"
            }
        }
    }

    private let address: ListenAddress
    private let seconds: Int

    init(_ address: ListenAddress, seconds: Int) {
        self.address = address
        self.seconds = seconds
    }

    func ask(_ method: String, _ target: String) throws(Problem) -> Answer {
        let descriptor = try connect()
        defer { close(descriptor) }
        let request = "\(method) \(target) HTTP/1.1\r\nHost: sluice\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw .noAnswer(address.description, why: Self.why(errno)) }
            rest = rest.dropFirst(sent)
        }
        return try Self.answer(readAll(descriptor), from: address.description)
    }

    static func answer(_ bytes: [UInt8], from place: String) throws(Problem) -> Answer {
        let text = String(decoding: bytes, as: UTF8.self)
        let words = text.prefix { !$0.isNewline }.split(separator: " ")
        guard text.hasPrefix("HTTP/1."), words.count > 1, let status = Int(words[1]),
            let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) })
        else { throw .noAnswer(place, why: bytes.isEmpty ? "it closed the connection" : "it is no HTTP") }
        return Answer(status: status, body: String(decoding: bytes[(end + 4)...], as: UTF8.self))
    }

    private func readAll(_ descriptor: Int32) throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < 1 << 20 {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .noAnswer(address.description, why: Self.why(errno))
            }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func why(_ code: Int32) -> String {
        code == EAGAIN || code == EINPROGRESS ? "it takes too long" : unsafe String(cString: strerror(code))
    }
}

// Connecting.
extension AdminClient {
    private func connect() throws(Problem) -> Int32 {
        switch address {
        case .systemd: throw .unknownPlace(address.description)
        case .unix(let path): return try connect(path)
        case .tcp(let host, let port):
            var hints = unsafe addrinfo()
            unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var found: UnsafeMutablePointer<addrinfo>?
            let code = unsafe getaddrinfo(Self.reachable(host), String(port), &hints, &found)
            guard code == 0 else { throw unreachable(unsafe String(cString: gai_strerror(code))) }
            defer { unsafe freeaddrinfo(found) }
            var last = "it has no address"
            var next = unsafe found
            while let entry = unsafe next {
                let descriptor = unsafe open(entry.pointee.ai_family)
                if unsafe Glibc.connect(descriptor, entry.pointee.ai_addr, entry.pointee.ai_addrlen) == 0 {
                    return descriptor
                }
                last = Self.why(errno)
                close(descriptor)
                unsafe next = entry.pointee.ai_next
            }
            throw unreachable(last)
        }
    }

    private func connect(_ path: String) throws(Problem) -> Int32 {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // Settings take no longer one.
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8).prefix(107)) }
        let descriptor = open(AF_UNIX)
        let code = unsafe withUnsafePointer(to: &name) { name in
            unsafe name.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                unsafe Glibc.connect(descriptor, name, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else {
            defer { close(descriptor) }
            throw unreachable(Self.why(errno))
        }
        return descriptor
    }

    private func open(_ family: Int32) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }

    private func unreachable(_ why: String) -> Problem { .unreachable(address.description, why: why) }

    /// Who listens on every address is found on this machine's own.
    static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }
}
