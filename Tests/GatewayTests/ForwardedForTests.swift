import Reactor
import Testing

@testable import Gateway

@Suite struct ForwardedForTests {
    private let trusted = ["10.0.0.0/8", "fd00::/8"].compactMap { IPRange($0) }

    private func client(_ peer: String?, _ values: String..., unix: Bool = false) -> String? {
        ForwardedFor.client(
            peer: peer.flatMap { IPAddress($0) },
            header: values,
            trusted: trusted,
            trustsUnixSockets: unix
        )?.description
    }

    @Test func onlyATrustedPeerIsBelieved() {
        #expect(client("203.0.113.7", "198.51.100.1") == "203.0.113.7")
        #expect(client("10.0.0.1", "198.51.100.1") == "198.51.100.1")
        #expect(client("fd00::1", "198.51.100.1") == "198.51.100.1")
        #expect(client(nil, "198.51.100.1") == nil)
        #expect(client(nil, "198.51.100.1", unix: true) == "198.51.100.1")
        #expect(client(nil, unix: true) == nil)
    }

    @Test func theNearestAddressThatIsNoTrustedProxyIsTheClient() {
        #expect(client("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.9") == "198.51.100.1")
        #expect(client("10.0.0.1", "1.1.1.1, 198.51.100.1", "10.0.0.9, fd00::5", "10.0.0.3") == "198.51.100.1")
        #expect(client("10.0.0.1", "1.1.1.1", "198.51.100.1") == "198.51.100.1")
        #expect(client("10.0.0.1", "10.0.0.7, 10.0.0.8") == "10.0.0.7")
        #expect(client("10.0.0.1") == "10.0.0.1")
        #expect(client("10.0.0.1", "") == "10.0.0.1")
        #expect(client("10.0.0.1", "198.51.100.1, , ,") == "198.51.100.1")
        #expect(client("10.0.0.1", "::ffff:10.0.0.4, ::ffff:198.51.100.1") == "198.51.100.1")
    }

    @Test(arguments: [
        "198.51.100.1:4711", " 198.51.100.1\t", "\"198.51.100.1\"", "\"198.51.100.1:4711\"", "::ffff:198.51.100.1",
        "[::ffff:198.51.100.1]:1",
    ])
    func anEntryMayHaveAPortQuotesAndBlanks(entry: String) {
        #expect(client("10.0.0.1", entry) == "198.51.100.1")
        #expect(client("10.0.0.1", "1.1.1.1,\(entry),10.0.0.2") == "198.51.100.1")
    }

    @Test(arguments: [
        "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711", "\"[2001:db8::1]:4711\"", "\" 2001:db8::1 \"",
    ])
    func anEntryMayBeIPv6(entry: String) { #expect(client("10.0.0.1", entry) == "2001:db8::1") }

    @Test(arguments: [
        "unknown", "_hidden", "198.51.100", "198.51.100.1:", "198.51.100.1:x", "198.51.100.1:123456", "[198.51.100.1]",
        "[2001:db8::1", "2001:db8::1]", "[2001:db8::1]x", "[]", "\"", "\"\"", "\"198.51.100.1", "for=198.51.100.1",
        "198.51.100.1 198.51.100.2", "[fe80::1%eth0]",
    ])
    func whatIsNoAddressEndsTheSearchAtTheLastGoodOne(entry: String) {
        #expect(client("10.0.0.1", "198.51.100.7, \(entry)") == "10.0.0.1")
        #expect(client("10.0.0.1", "198.51.100.7, \(entry), 10.0.0.2") == "10.0.0.2")
        #expect(client("10.0.0.1", "\(entry), 198.51.100.7, 10.0.0.2") == "198.51.100.7")
    }
}
