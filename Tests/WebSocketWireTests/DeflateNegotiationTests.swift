import Testing
import WebSocketOracle
import WebSocketWire

/// RFC 7692 section 7.1, at the server.
@Suite struct DeflateNegotiationTests {
    struct Case: CustomTestStringConvertible {
        let offer: String
        /// Nil: 101 without an extension.
        let answer: String?
        var agreed: DeflateParameters?
        var testDescription: String { offer }

        init(_ offer: String, _ answer: String?, _ agreed: DeflateParameters? = nil) {
            self.offer = offer
            self.answer = answer.map { "permessage-deflate; " + $0 }
            self.agreed = agreed
        }
    }

    private static func parameters(
        client: Int = 15,
        kept: Bool = true,
        server: Int = 15,
        serverKept: Bool = false
    ) -> DeflateParameters {
        DeflateParameters(
            clientWindowBits: client,
            clientKeepsContext: kept,
            serverWindowBits: server,
            serverKeepsContext: serverKept
        )
    }

    private static let name = "permessage-deflate"
    private static let noContext = "server_no_context_takeover"

    static let taken: [Case] = [
        Case(name, noContext, parameters()),
        Case("\(name); client_max_window_bits", "\(noContext); client_max_window_bits=12", parameters(client: 12)),
        Case("\(name);client_max_window_bits=15", "\(noContext); client_max_window_bits=12", parameters(client: 12)),
        Case("\(name); client_max_window_bits=12", "\(noContext); client_max_window_bits=12", parameters(client: 12)),
        Case(
            "\(name); client_max_window_bits=\"10\"",
            "\(noContext); client_max_window_bits=10",
            parameters(client: 10)
        ),
        Case("\(name); client_max_window_bits=8", "\(noContext); client_max_window_bits=8", parameters(client: 8)),
        Case("\(name); server_max_window_bits=9", "\(noContext); server_max_window_bits=9", parameters(server: 9)),
        Case("\(name); server_max_window_bits = 8", "\(noContext); server_max_window_bits=8", parameters(server: 8)),
        Case("\(name); server_no_context_takeover", noContext, parameters()),
        Case(
            "\(name); client_no_context_takeover",
            "\(noContext); client_no_context_takeover",
            parameters(kept: false)
        ),
        Case(
            "\(name) ;\tclient_max_window_bits ; client_no_context_takeover; server_max_window_bits=15; "
                + "server_no_context_takeover",
            "\(noContext); client_no_context_takeover; server_max_window_bits=15; client_max_window_bits=12",
            parameters(client: 12, kept: false)
        ),
        Case("x-webkit-deflate-frame, \(name)", noContext, parameters()),
        Case(
            "foo; bar=1; baz=\"2\", , \(name); client_max_window_bits, \(name)",
            "\(noContext); client_max_window_bits=12",
            parameters(client: 12)
        ),
        // The first offer that can be taken up, not the first one.
        Case("\(name); server_max_window_bits=7, \(name)", noContext, parameters()),
        Case(
            "\(name); unknown, \(name); server_max_window_bits=10",
            "\(noContext); server_max_window_bits=10",
            parameters(server: 10)
        ),
    ]

    static let declined: [Case] =
        [
            "foo", "Permessage-Deflate", "permessage-deflate2", "x-webkit-deflate-frame", "\(name); unknown",
            "\(name); unknown=1", "\(name); client_max_window_bits; client_max_window_bits",
            "\(name); client_max_window_bits=10; client_max_window_bits",
            "\(name); \(noContext); \(noContext)", "\(name); \(noContext)=1", "\(name); \(noContext)=\"true\"",
            "\(name); client_no_context_takeover=0", "\(name); server_max_window_bits",
            "\(name); Server_no_context_takeover",
        ].map { Case($0, nil) }
        + ["7", "16", "08", "015", "+9", "-9", "9.0", "0x9", "a", "\"7\"", "012", "1"].flatMap {
            [
                Case("\(name); server_max_window_bits=\($0)", nil), Case("\(name); client_max_window_bits=\($0)", nil),
            ]
        }

    @Test(arguments: taken + declined)
    func anOfferIsTakenUpOrLeft(offer: Case) {
        let said = Self.decide(offer.offer, DeflateSettings())
        #expect(said.answer == offer.answer)
        #expect(said.agreed == offer.agreed)
        #expect(NegotiationOracle.check(Array(offer.offer.utf8), windowBits: 12, seed: 2) == nil)
    }

    @Test func withoutSettingsNoOfferIsTakenUp() {
        for offer in Self.taken {
            let said = Self.decide(offer.offer, nil)
            #expect(said.isAccepted)
            #expect(said.answer == nil)
            #expect(said.agreed == nil)
        }
    }

    @Test func settingsAskForMoreThanTheClientOffers() {
        var settings = DeflateSettings()
        settings.clientContextTakeover = false
        settings.serverContextTakeover = true
        settings.clientWindowBits = 9
        let plain = Self.decide(Self.name, settings)
        #expect(plain.answer == "permessage-deflate; client_no_context_takeover")
        #expect(plain.agreed == Self.parameters(kept: false, serverKept: true))
        let window = Self.decide("\(Self.name); client_max_window_bits; server_no_context_takeover", settings)
        #expect(
            window.answer
                == "permessage-deflate; \(Self.noContext); client_no_context_takeover; client_max_window_bits=9"
        )
        #expect(window.agreed == Self.parameters(client: 9, kept: false))
    }

    @Test func aServerWindowThatZlibCannotMakeMeansNoCompressedReplies() {
        #expect(!Self.parameters(server: 8).serverMayCompress)
        #expect(Self.parameters(server: 9).serverMayCompress)
    }

    @Test(arguments: [
        "\(name);", "\(name); =9", "\(name); server_max_window_bits=", "\(name) \(name)", "\(name); a=\"9",
    ])
    func malformedSyntaxIsABadRequestAsEver(extensions: String) {
        #expect(!Self.decide(extensions, DeflateSettings()).isAccepted)
        #expect(NegotiationOracle.check(Array(extensions.utf8), windowBits: 12, seed: 2) == nil)
    }

    @Test(arguments: 0..<200)
    func offersOfChanceAreAnsweredAsTheReferenceDoes(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let words = [
            Self.name, Self.name, "; ", ";", "=", ",", " , ", "\"", Self.noContext, "client_no_context_takeover",
            "client_max_window_bits", "server_max_window_bits", "8", "15", "9", "16", "x", "\t",
        ]
        for _ in 0..<50 {
            var offer = Bool.random(using: &random) ? Self.name : ""
            for _ in 0..<Int.random(in: 0...12, using: &random) { offer += words.randomElement(using: &random) ?? "" }
            let fault = NegotiationOracle.check(Array(offer.utf8), windowBits: 9 + seed % 7, seed: UInt8(seed))
            #expect(fault == nil)
        }
    }

    private static func decide(
        _ extensions: String,
        _ settings: DeflateSettings?
    ) -> (isAccepted: Bool, answer: String?, agreed: DeflateParameters?) {
        let request = UpgradeRequest(
            method: "GET",
            isHTTP11: true,
            upgrade: "websocket",
            connection: "Upgrade",
            key: "dGhlIHNhbXBsZSBub25jZQ==",
            version: "13",
            extensions: extensions
        )
        guard case .accept(let headers, _, let agreed) = ServerHandshake(deflate: settings).decide(request) else {
            return (false, nil, nil)
        }
        return (true, headers.first { $0.name == "Sec-WebSocket-Extensions" }?.value, agreed)
    }
}
