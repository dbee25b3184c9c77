import HTTPWire
import Reactor
import Testing

@testable import Gateway

@Suite struct ReloadPageTests {
    @Test func whoHasWaitedTooLongIsToldWhatGoesOn() {
        func text(isTrial: Bool) -> String {
            String(decoding: ReloadPage.late(60 * second, isTrial: isTrial).body, as: UTF8.self)
        }
        #expect(text(isTrial: true) == "It takes longer than 60 s.\n")
        #expect(text(isTrial: false).hasPrefix("It takes longer than 60 s and goes on. "))
        #expect(ReloadPage.late(60 * second, isTrial: true).status == 504)
    }

    private func status(_ method: String, _ headers: String = "", from peer: PeerAddress?, at listening: String) throws
        -> Int?
    {
        let text = Array("\(method) /reload HTTP/1.1\r\nHost: a\r\n\(headers)\r\n".utf8)
        var reader = RequestHeadReader()
        var offset = 0
        guard case .head(let head) = reader.next(text.span.bytes, at: &offset) else { throw Failure() }
        return ReloadPage.refusal(head, peer: peer, listening: try ListenAddress.parse(listening))?.status
    }

    private struct Failure: Error {}

    private func peer(_ text: String) throws -> PeerAddress { PeerAddress(try #require(IPAddress(text)), port: 5) }

    @Test(
        arguments: [
            ("127.0.0.1", "0.0.0.0:9600", nil), ("127.8.0.1", "127.0.0.1:9600", nil), ("::1", "[::]:9600", nil),
            ("10.0.0.1", "10.0.0.1:9600", nil), ("10.0.0.2", "10.0.0.1:9600", 403), ("10.0.0.1", "0.0.0.0:9600", 403),
            ("::ffff:127.0.0.1", ":9600", nil), ("2001:db8::1", ":9600", 403),
        ] as [(String, String, Int?)]
    )
    func whoeverIsHereMayAsk(from: String, at listening: String, expected: Int?) throws {
        #expect(try status("POST", from: peer(from), at: listening) == expected)
    }

    @Test func aUnixSocketIsHereAndAnUnknownPeerIsNot() throws {
        #expect(try status("POST", from: PeerAddress(description: "unix"), at: "/run/a") == nil)
        #expect(try status("POST", from: nil, at: "127.0.0.1:1") == 403)
    }

    @Test(
        arguments: [
            (nil, false), ("", false), ("dry_run", true), ("dry_run=1", true), ("dry_run=true", true),
            ("dry-run", nil), ("dry_run=0", nil), ("dry_run&x", nil),
        ] as [(String?, Bool?)]
    )
    func aTrialIsNeverTakenForMore(query: String?, isTrial: Bool?) {
        #expect(ReloadPage.isTrial(query) == isTrial)
    }

    @Test func neitherOtherMethodsNorWebPages() throws {
        for method in ["GET", "HEAD", "PUT"] {
            #expect(try status(method, from: peer("127.0.0.1"), at: "127.0.0.1:1") == 405)
        }
        #expect(try status("POST", "Origin: http://a\r\n", from: peer("127.0.0.1"), at: "127.0.0.1:1") == 403)
        #expect(try status("POST", "X-Forwarded-For: 10.0.0.1\r\n", from: peer("127.0.0.1"), at: "127.0.0.1:1") == 403)
        #expect(try status("POST", "ORIGIN: null\r\n", from: peer("127.0.0.1"), at: "127.0.0.1:1") == 403)
    }
}
