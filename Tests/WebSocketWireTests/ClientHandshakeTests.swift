import Testing
import WebSocketWire

@Suite struct ClientHandshakeTests {
    private let client = ClientHandshake(key: "dGhlIHNhbXBsZSBub25jZQ==", subprotocols: ["sluice.v1"])

    private func response(_ change: (inout UpgradeResponse) -> Void = { _ in }) -> UpgradeResponse {
        var response = UpgradeResponse(
            status: 101,
            upgrade: "WebSocket",
            connection: "upgrade",
            accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        )
        change(&response)
        return response
    }

    @Test func theRequestSaysWhatTheServerWants() {
        let request = client.request(target: "/logs?a=b", host: "localhost:8080", further: [("Origin", "http://a")])
        #expect(
            request == """
                GET /logs?a=b HTTP/1.1\r
                Host: localhost:8080\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: sluice.v1\r
                Origin: http://a\r
                \r

                """
        )
    }

    @Test func everyKeyIsNewAndTakenByTheServer() throws {
        let key = try #require(ClientHandshake.makeKey())
        #expect(key != ClientHandshake.makeKey())
        let request = UpgradeRequest(
            method: "GET",
            isHTTP11: true,
            upgrade: "websocket",
            connection: "Upgrade",
            key: key,
            version: "13"
        )
        guard case .accept = ServerHandshake().decide(request) else {
            Issue.record("the key is refused")
            return
        }
    }

    @Test func aRightAnswerIsTakenWithItsSubprotocolOrWithout() throws {
        #expect(try client.check(response()).subprotocol == nil)
        #expect(try client.check(response { $0.subprotocol = "sluice.v1" }).subprotocol == "sluice.v1")
    }

    @Test func aWrongAnswerSaysWhatIsWrong() {
        #expect(throws: ClientHandshakeError.refused(status: 503)) { try client.check(response { $0.status = 503 }) }
        #expect(throws: ClientHandshakeError.notAnUpgrade) { try client.check(response { $0.upgrade = nil }) }
        #expect(throws: ClientHandshakeError.notAnUpgrade) { try client.check(response { $0.connection = "close" }) }
        #expect(throws: ClientHandshakeError.wrongAccept) {
            try client.check(response { $0.accept = "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=" })
        }
        #expect(throws: ClientHandshakeError.wrongAccept) { try client.check(response { $0.accept = nil }) }
        #expect(throws: ClientHandshakeError.extensionNotOffered) {
            try client.check(response { $0.extensions = "permessage-deflate" })
        }
        #expect(throws: ClientHandshakeError.subprotocolNotOffered) {
            try client.check(response { $0.subprotocol = "chat" })
        }
    }
}
