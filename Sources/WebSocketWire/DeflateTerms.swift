/// The parameters of permessage-deflate (RFC 7692 section 7.1), as an offer or an answer states them.
package struct DeflateTerms: Sendable, Equatable {
    /// What an offer says of `client_max_window_bits`.
    package enum ClientWindow: Sendable, Equatable {
        /// No value: the server may ask for any size.
        case any
        /// 8 to 15.
        case atMost(Int)
    }

    package static let name = "permessage-deflate"

    package var serverNoContextTakeover = false
    package var clientNoContextTakeover = false
    /// 8 to 15.
    package var serverMaxWindowBits: Int?
    package var clientMaxWindowBits: ClientWindow?

    package init() {}

    /// The terms, or nil when a parameter is unknown, stands twice, or has a value that it must not have: such an offer
    /// is declined, such an answer fails the connection (sections 5 and 7.1).
    init?(_ parameters: [WireExtension.Parameter]) {
        guard Set(parameters.map(\.name)).count == parameters.count else { return nil }
        for parameter in parameters {
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): clientNoContextTakeover = true
            case ("client_max_window_bits", nil): clientMaxWindowBits = .any
            case ("server_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                serverMaxWindowBits = bits
            case ("client_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                clientMaxWindowBits = .atMost(bits)
            default: return nil
            }
        }
    }

    /// Value of `Sec-WebSocket-Extensions`.
    package var headerValue: String {
        var parts = [Self.name]
        if serverNoContextTakeover { parts.append("server_no_context_takeover") }
        if clientNoContextTakeover { parts.append("client_no_context_takeover") }
        if let serverMaxWindowBits { parts.append("server_max_window_bits=\(serverMaxWindowBits)") }
        switch clientMaxWindowBits {
        case .atMost(let bits): parts.append("client_max_window_bits=\(bits)")
        case .any: parts.append("client_max_window_bits")
        case nil: break
        }
        return parts.joined(separator: "; ")
    }

    /// "8" to "15", without leading zeros (section 7.1.2).
    private static func windowBits(_ value: String) -> Int? { (8...15).first { String($0) == value } }
}
