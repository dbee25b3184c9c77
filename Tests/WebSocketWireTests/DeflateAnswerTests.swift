import Testing
import WebSocketWire

/// RFC 7692 section 7.1, at the client.
@Suite struct DeflateAnswerTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private static func read(_ answer: String?, _ offer: DeflateTerms?) throws -> DeflateParameters? {
        let response = UpgradeResponse(
            status: 101,
            upgrade: "websocket",
            connection: "Upgrade",
            accept: Handshake.accept(key: key),
            extensions: answer
        )
        return try ClientHandshake(key: key, deflate: offer).check(response).deflate
    }

    private static func terms(_ change: (inout DeflateTerms) -> Void = { _ in }) -> DeflateTerms {
        var terms = DeflateTerms()
        change(&terms)
        return terms
    }

    @Test func theOfferStandsInTheRequest() {
        let all = Self.terms {
            $0.serverNoContextTakeover = true
            $0.clientNoContextTakeover = true
            $0.serverMaxWindowBits = 10
            $0.clientMaxWindowBits = .any
        }
        let value =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            + "server_max_window_bits=10; client_max_window_bits"
        let headers = ClientHandshake(key: Self.key, deflate: all).headers
        #expect(headers.contains { $0.name == "Sec-WebSocket-Extensions" && $0.value == value })
        #expect(
            Self.terms { $0.clientMaxWindowBits = .atMost(9) }.headerValue
                == "permessage-deflate; client_max_window_bits=9"
        )
        #expect(!ClientHandshake(key: Self.key).headers.contains { $0.name == "Sec-WebSocket-Extensions" })
    }

    @Test func anAnswerWithinTheOfferIsTaken() throws {
        let wide = Self.terms { $0.clientMaxWindowBits = .any }
        #expect(try Self.read(nil, wide) == nil)
        #expect(
            try Self.read("permessage-deflate", wide)
                == DeflateParameters(
                    clientWindowBits: 15,
                    clientKeepsContext: true,
                    serverWindowBits: 15,
                    serverKeepsContext: true
                )
        )
        let all =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            + "server_max_window_bits=\"9\"; client_max_window_bits=8"
        #expect(
            try Self.read(all, wide)
                == DeflateParameters(
                    clientWindowBits: 8,
                    clientKeepsContext: false,
                    serverWindowBits: 9,
                    serverKeepsContext: false
                )
        )
    }

    /// Sections 7.1.1.2 and 7.1.2.2: hints bind the client, said again or not.
    @Test func theClientKeepsToItsHints() throws {
        let hints = Self.terms {
            $0.clientNoContextTakeover = true
            $0.clientMaxWindowBits = .atMost(10)
        }
        let agreed = try #require(try Self.read("permessage-deflate", hints))
        #expect(!agreed.clientKeepsContext)
        #expect(agreed.clientWindowBits == 10)
    }

    @Test(arguments: [
        "permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=11",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08", "permessage-deflate; unknown",
        "permessage-deflate; client_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate, permessage-deflate", "permessage-deflate;", "",
    ])
    func anAnswerThatIsNoneFailsTheConnection(answer: String) {
        let offer = Self.terms { $0.clientMaxWindowBits = .atMost(10) }
        #expect(throws: ClientHandshakeError.extensionRefused) { try Self.read(answer, offer) }
    }

    @Test func whatWasNotOfferedMayNotBeAnswered() {
        let offer = Self.terms()
        #expect(throws: ClientHandshakeError.extensionRefused) {
            try Self.read("permessage-deflate; client_max_window_bits=15", offer)
        }
        #expect(throws: ClientHandshakeError.extensionNotOffered) { try Self.read("foo", offer) }
        #expect(throws: ClientHandshakeError.extensionNotOffered) { try Self.read("permessage-deflate, foo", offer) }
        #expect(throws: ClientHandshakeError.extensionNotOffered) { try Self.read("permessage-deflate", nil) }
    }

    /// Sections 7.1.1.1 and 7.1.2.1: the server accepts such an offer by saying so.
    @Test func whatTheServerMustConfirmMayNotBeMissing() throws {
        let context = Self.terms { $0.serverNoContextTakeover = true }
        #expect(throws: ClientHandshakeError.extensionRefused) { try Self.read("permessage-deflate", context) }
        #expect(try Self.read("permessage-deflate; server_no_context_takeover", context)?.serverKeepsContext == false)
        let window = Self.terms { $0.serverMaxWindowBits = 10 }
        for answer in ["", "; server_max_window_bits=11"] {
            #expect(throws: ClientHandshakeError.extensionRefused) {
                try Self.read("permessage-deflate" + answer, window)
            }
        }
        #expect(try Self.read("permessage-deflate; server_max_window_bits=9", window)?.serverWindowBits == 9)
    }
}
