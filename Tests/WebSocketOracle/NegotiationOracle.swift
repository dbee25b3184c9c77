internal import WebSocketWire

/// Holds the negotiation of permessage-deflate against RFC 7692 section 7.1 in the simplest form.
package enum NegotiationOracle {
    private static let tokenCharacters = Set(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
    )

    private typealias Element = (name: String, parameters: [(name: String, value: String?)])

    /// The bytes as a value of `Sec-WebSocket-Extensions`.
    ///
    /// - Returns: what is wrong, or nil.
    package static func check(_ bytes: [UInt8], windowBits: Int, seed: UInt8) -> String? {
        let value = String(decoding: bytes, as: UTF8.self)
        var settings = DeflateSettings()
        settings.clientWindowBits = windowBits
        settings.clientContextTakeover = seed & 1 == 0
        settings.serverContextTakeover = seed & 2 == 0
        let request = UpgradeRequest(
            method: "GET",
            isHTTP11: true,
            upgrade: "websocket",
            connection: "upgrade",
            key: "dGhlIHNhbXBsZSBub25jZQ==",
            version: "13",
            extensions: value
        )
        let verdict = ServerHandshake(deflate: settings).decide(request)
        guard let elements = elements(value) else {
            if case .refuse(400, _, _) = verdict { return nil }
            return "\(value) is taken"
        }
        guard case .accept(let headers, _, let agreed) = verdict else { return "\(value) is refused" }
        let answer = headers.first { $0.name == "Sec-WebSocket-Extensions" }?.value
        guard let offer = elements.lazy.compactMap(offer).first else {
            return answer == nil && agreed == nil ? nil : "\(value) is answered with \(answer ?? "nothing")"
        }
        if answer != expected(offer, settings) { return "\(value) is answered with \(answer ?? "nothing")" }
        let response = UpgradeResponse(
            status: 101,
            upgrade: "websocket",
            connection: "upgrade",
            accept: Handshake.accept(key: "dGhlIHNhbXBsZSBub25jZQ=="),
            extensions: answer
        )
        let client = ClientHandshake(key: "dGhlIHNhbXBsZSBub25jZQ==", deflate: offer)
        let read = Result { () throws(ClientHandshakeError) in try client.check(response).deflate }
        return read == .success(agreed) ? nil : "\(value): the client reads \(read) out of \(answer ?? "nothing")"
    }

    private static func expected(_ offer: DeflateTerms, _ settings: DeflateSettings) -> String {
        var answer = "permessage-deflate"
        if offer.serverNoContextTakeover || !settings.serverContextTakeover {
            answer += "; server_no_context_takeover"
        }
        if offer.clientNoContextTakeover || !settings.clientContextTakeover {
            answer += "; client_no_context_takeover"
        }
        if let bits = offer.serverMaxWindowBits { answer += "; server_max_window_bits=\(bits)" }
        switch offer.clientMaxWindowBits {
        case .any: answer += "; client_max_window_bits=\(settings.clientWindowBits)"
        case .atMost(let bits): answer += "; client_max_window_bits=\(min(bits, settings.clientWindowBits))"
        case nil: break
        }
        return answer
    }

    /// Nil for what must be declined.
    private static func offer(_ element: Element) -> DeflateTerms? {
        guard element.name == "permessage-deflate" else { return nil }
        var terms = DeflateTerms()
        var seen: [String] = []
        for parameter in element.parameters {
            if seen.contains(parameter.name) { return nil }
            seen.append(parameter.name)
            let bits = ["8", "9", "10", "11", "12", "13", "14", "15"].firstIndex(of: parameter.value ?? "")
            switch parameter.name {
            case "server_no_context_takeover" where parameter.value == nil: terms.serverNoContextTakeover = true
            case "client_no_context_takeover" where parameter.value == nil: terms.clientNoContextTakeover = true
            case "client_max_window_bits" where parameter.value == nil: terms.clientMaxWindowBits = .any
            case "server_max_window_bits" where bits != nil: terms.serverMaxWindowBits = 8 + bits!
            case "client_max_window_bits" where bits != nil: terms.clientMaxWindowBits = .atMost(8 + bits!)
            default: return nil
            }
        }
        return terms
    }

    /// As no quoted value may hold a separator, every separator is one.
    private static func elements(_ value: String) -> [Element]? {
        var found: [Element] = []
        for element in split(value, ",") where !element.isEmpty {
            let parts = split(element, ";")
            guard isToken(parts[0]) else { return nil }
            var parameters: [(name: String, value: String?)] = []
            for part in parts.dropFirst() {
                var sides = split(part, "=")
                guard sides.count <= 2, isToken(sides[0]) else { return nil }
                if sides.count == 2 {
                    if sides[1].count > 2, sides[1].hasPrefix("\""), sides[1].hasSuffix("\"") {
                        sides[1] = String(sides[1].dropFirst().dropLast())
                    }
                    guard isToken(sides[1]) else { return nil }
                }
                parameters.append((sides[0], sides.count == 2 ? sides[1] : nil))
            }
            found.append((parts[0], parameters))
        }
        return found.isEmpty ? nil : found
    }

    private static func split(_ text: String, _ separator: Unicode.Scalar) -> [String] {
        text.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false).map { part in
            var part = part
            while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
            while let last = part.last, last == " " || last == "\t" { part.removeLast() }
            return String(String.UnicodeScalarView(part))
        }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(tokenCharacters.contains)
    }
}
