/// What a proxy said of the connection that it passes on, in front of its bytes.
package struct ProxyHeader: Equatable, Sendable {
    /// The client; nil when the proxy speaks for itself (`LOCAL`: a health check) or knows of none (`UNKNOWN`,
    /// `UNSPEC`).
    package var source: PeerAddress?

    package init(source: PeerAddress?) { self.source = source }
}

/// Why the beginning of a connection is no PROXY header that can be believed.
package enum ProxyHeaderFault: Error, Hashable, CaseIterable, Sendable {
    /// Neither version's beginning.
    case missing
    case tooLong
    case malformedLine
    /// Neither LOCAL nor PROXY.
    case unknownCommand
    /// No stream over IPv4, IPv6 or a unix socket.
    case unsupportedProtocol
    /// Addresses or TLVs do not fit into the length.
    case malformedBlock
    case wrongChecksum
}

/// Why a connection to a listener behind proxies was closed.
package enum ProxyRefusal: Equatable, Sendable, CustomStringConvertible {
    /// It came from somebody else; nil: who had gone again.
    case stranger(IPAddress?)
    case header(ProxyHeaderFault)

    package var description: String {
        switch self {
        case .stranger(let address?): "\(address) is no trusted proxy"
        case .stranger(nil): "an unknown address is no trusted proxy"
        case .header(let fault): fault.description
        }
    }
}

extension ProxyHeaderFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "no PROXY header"
        case .tooLong: "the PROXY header is too long"
        case .malformedLine: "the PROXY line is malformed"
        case .unknownCommand: "the PROXY header has an unknown command"
        case .unsupportedProtocol: "the PROXY header names an unsupported protocol"
        case .malformedBlock: "the PROXY header's content does not fit its length"
        case .wrongChecksum: "the PROXY header's checksum is wrong"
        }
    }
}
