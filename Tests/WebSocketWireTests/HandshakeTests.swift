import Testing
import WebSocketWire

@Suite struct HandshakeTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    private static func request(_ change: (inout UpgradeRequest) -> Void = { _ in }) -> UpgradeRequest {
        var request = UpgradeRequest(
            method: "GET",
            isHTTP11: true,
            upgrade: "websocket",
            connection: "Upgrade",
            key: key,
            version: "13"
        )
        change(&request)
        return request
    }

    /// 101, or the status it is refused with, and what must be true of the answer's headers.
    private static func answer(
        _ request: UpgradeRequest,
        subprotocols: [String] = []
    ) -> (status: Int, headers: [String: String], subprotocol: String?) {
        switch ServerHandshake(subprotocols: subprotocols).decide(request) {
        case .accept(let headers, let subprotocol, _):
            (101, Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) }), subprotocol)
        case .refuse(let status, let headers, let reason):
            (status, Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) }), reason)
        }
    }

    @Test func theAcceptValueIsThatOfRFC6455Section13() {
        #expect(Handshake.accept(key: Self.key) == Self.accept)
    }

    @Test func aPlainRequestIsAccepted() {
        let answer = Self.answer(Self.request())
        #expect(answer.status == 101)
        #expect(
            answer.headers == ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": Self.accept]
        )
        #expect(answer.subprotocol == nil)
    }

    @Test(arguments: ["Upgrade", "upgrade", "keep-alive, Upgrade", "UPGRADE ,\tkeep-alive", ", upgrade,"])
    func connectionMayNameOthersAndBeInAnyCase(connection: String) {
        #expect(Self.answer(Self.request { $0.connection = connection }).status == 101)
    }

    @Test(arguments: [nil, "", "close", "upgraded", "keep-alive upgrade", "\"upgrade\""] as [String?])
    func withoutUpgradeInConnectionItIsABadRequest(connection: String?) {
        #expect(Self.answer(Self.request { $0.connection = connection }).status == 400)
    }

    @Test(arguments: [nil, "", "h2c", "websockets", "web socket"] as [String?])
    func whatAsksForNoWebSocketIsToldToUpgrade(upgrade: String?) {
        let answer = Self.answer(Self.request { $0.upgrade = upgrade })
        #expect(answer.status == 426)
        #expect(answer.headers["Upgrade"] == "websocket")
    }

    @Test func anotherVersionIsToldTheRightOne() {
        for version in ["8", "14", "", "13, 13", "013"] {
            let answer = Self.answer(Self.request { $0.version = version })
            #expect(answer.status == 426)
            #expect(answer.headers["Sec-WebSocket-Version"] == "13")
            #expect(answer.headers["Upgrade"] == "websocket")
        }
    }

    @Test func noVersionAnotherMethodAndHTTP10AreBadRequests() {
        #expect(Self.answer(Self.request { $0.version = nil }).status == 400)
        #expect(Self.answer(Self.request { $0.method = "POST" }).status == 400)
        #expect(Self.answer(Self.request { $0.method = "get" }).status == 400)
        #expect(Self.answer(Self.request { $0.isHTTP11 = false }).status == 400)
    }

    @Test(
        arguments: [
            nil, "", "short", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZTE=",
            "dGhlIHNhbXBsZSBub25jZTEy", "dGhlIHNhbXBsZSBub25jZ*==", "dGhlIHNhbXBsZSBub25jZQ== ",
            "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j==ZQ",
        ] as [String?]
    )
    func aKeyThatIsNot16BytesInBase64IsABadRequest(key: String?) {
        #expect(Self.answer(Self.request { $0.key = key }).status == 400)
    }

    @Test func theFirstOfferThatIsSpokenBecomesTheSubprotocol() {
        let answer = Self.answer(
            Self.request { $0.protocols = "chat, sluice.v2 ,sluice.v1" },
            subprotocols: ["sluice.v1", "sluice.v2"]
        )
        #expect(answer.subprotocol == "sluice.v2")
        #expect(answer.headers["Sec-WebSocket-Protocol"] == "sluice.v2")
    }

    @Test func offersThatNobodySpeaksAreLeftOut() {
        let answer = Self.answer(Self.request { $0.protocols = "Sluice.V1" }, subprotocols: ["sluice.v1"])
        #expect(answer.status == 101)
        #expect(answer.headers["Sec-WebSocket-Protocol"] == nil)
    }

    @Test(arguments: ["", " , ", "a b", "a/b", "\"a\"", "ü"])
    func malformedSubprotocolsAreABadRequest(protocols: String) {
        #expect(Self.answer(Self.request { $0.protocols = protocols }).status == 400)
    }

    @Test(arguments: [
        "permessage-deflate", "permessage-deflate; client_max_window_bits", "a; b=1; c=\"d\", e", ", a ,, b;c = d ,",
    ])
    func extensionsAreOffersThatNeedNotBeTakenUp(extensions: String) {
        let answer = Self.answer(Self.request { $0.extensions = extensions })
        #expect(answer.status == 101)
        #expect(answer.headers["Sec-WebSocket-Extensions"] == nil)
    }

    @Test(arguments: ["", ",", "a;", "a; =1", "a; b=", "a b", "a; b=\"", "a; b=\"\"", "a; b=\"c d\"", "=", "a; b=c d"])
    func malformedExtensionsAreABadRequest(extensions: String) {
        #expect(Self.answer(Self.request { $0.extensions = extensions }).status == 400)
    }
}
