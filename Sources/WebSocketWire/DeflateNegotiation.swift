/// Comes to terms on permessage-deflate (RFC 7692 sections 5 and 7.1).
enum DeflateNegotiation {
    /// What the server answers, and what that means.
    typealias Agreement = (answer: DeflateTerms, parameters: DeflateParameters)

    /// The server's answer to the first offer that can be taken up, or nil to leave messages uncompressed.
    static func answer(_ offers: [WireExtension], _ settings: DeflateSettings) -> Agreement? {
        for offer in offers where offer.name == DeflateTerms.name {
            if let offer = DeflateTerms(offer.parameters) { return answer(offer, settings) }
        }
        return nil
    }

    /// What the client learns from an answer to its offer, or nil when the answer is none that it allows.
    static func read(_ answer: DeflateTerms, to offer: DeflateTerms) -> DeflateParameters? {
        guard answer.serverNoContextTakeover || !offer.serverNoContextTakeover else { return nil }
        if let wanted = offer.serverMaxWindowBits {
            guard let bits = answer.serverMaxWindowBits, bits <= wanted else { return nil }
        }
        var clientWindowBits = offer.clientWindowLimit
        switch answer.clientMaxWindowBits {
        case .any: return nil
        case .atMost(let bits):
            guard offer.clientMaxWindowBits != nil, bits <= clientWindowBits else { return nil }
            clientWindowBits = bits
        case nil: break
        }
        return DeflateParameters(
            clientWindowBits: clientWindowBits,
            // The client keeps to its hint even when the server says nothing of it (section 7.1.1.2).
            clientKeepsContext: !answer.clientNoContextTakeover && !offer.clientNoContextTakeover,
            serverWindowBits: answer.serverMaxWindowBits ?? 15,
            serverKeepsContext: !answer.serverNoContextTakeover
        )
    }

    private static func answer(_ offer: DeflateTerms, _ settings: DeflateSettings) -> Agreement {
        var answer = DeflateTerms()
        answer.serverNoContextTakeover = offer.serverNoContextTakeover || !settings.serverContextTakeover
        answer.clientNoContextTakeover = offer.clientNoContextTakeover || !settings.clientContextTakeover
        answer.serverMaxWindowBits = offer.serverMaxWindowBits
        var clientWindowBits = 15
        if offer.clientMaxWindowBits != nil {
            clientWindowBits = min(offer.clientWindowLimit, settings.clientWindowBits)
            answer.clientMaxWindowBits = .atMost(clientWindowBits)
        }
        return (
            answer,
            DeflateParameters(
                clientWindowBits: clientWindowBits,
                clientKeepsContext: !answer.clientNoContextTakeover,
                serverWindowBits: answer.serverMaxWindowBits ?? 15,
                serverKeepsContext: !answer.serverNoContextTakeover
            )
        )
    }
}

extension DeflateTerms {
    /// The largest window that the client of this offer uses.
    fileprivate var clientWindowLimit: Int {
        switch clientMaxWindowBits {
        case .atMost(let bits): bits
        case .any, nil: 15
        }
    }
}
