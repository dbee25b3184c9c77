import Reactor
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("10.1.2.255", "10.1.2.255"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::a", "2001:db8::a"),
        ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:0:0:0:0:0:0:0", "1::"), ("fe80::0001", "fe80::1"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("::ffff:10.0.0.1", "10.0.0.1"), ("::FFFF:a00:1", "10.0.0.1"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func textIsReadAndWrittenInOneForm(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(address.isV4 == !canonical.contains(":"))
    }

    @Test(arguments: [
        "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.00", "1.2.3.", ".1.2.3", "1..2.3",
        "1.2.3.4 ",
        " 1.2.3.4", "0x1.2.3.4", "1.2.3.+4", "1.2.3.4:80", "localhost", ":", ":::", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::", "1::2::3", "::1::", "1:2:3:4::5:6:7:8", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "12345::",
        "g::",
        "::1.2.3", "::1.2.3.04", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "fe80::1%eth0", "[::1]",
        "::1/128",
        "\u{661}.2.3.4", "::-1", "1.2.3.4\0",
    ])
    func whatIsNoAddressIsRefused(text: String) { #expect(IPAddress(text) == nil) }

    @Test func bytesOfTheNetworkAreAnAddress() {
        #expect(IPAddress(networkBytes: [10, 0, 0, 1]) == IPAddress("10.0.0.1"))
        #expect(IPAddress(networkBytes: [UInt8](repeating: 0, count: 15) + [1]) == IPAddress("::1"))
        #expect(IPAddress(networkBytes: [1, 2, 3]) == nil)
        #expect(IPAddress(networkBytes: []) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.1", "10.0.0.0/8"),
        ("10.1.2.3/8", "10.0.0.0", "9.255.255.255", "10.0.0.0/8"),
        ("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1/32"), ("0.0.0.0/0", "255.1.2.3", "::1", "0.0.0.0/0"),
        ("::/0", "ffff::", "1.2.3.4", "::/0"), ("::1", "::1", "::2", "::1/128"),
        ("2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::", "2001:db8::/33"),
        ("::ffff:10.0.0.0/104", "10.9.9.9", "11.0.0.0", "10.0.0.0/8"),
        ("10.0.0.0/31", "::ffff:10.0.0.1", "10.0.0.2", "10.0.0.0/31"),
    ])
    func aRangeHoldsWhatSharesItsPrefix(text: String, inside: String, outside: String, canonical: String) throws {
        let range = try #require(IPRange(text))
        #expect(range.contains(try #require(IPAddress(inside))))
        #expect(!range.contains(try #require(IPAddress(outside))))
        #expect(range.description == canonical)
        #expect(IPRange(canonical) == range)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "/8", "::/129", "::/",
        "10/8",
        "10.0.0.0/255.0.0.0", "::ffff:10.0.0.0/8", "10.0.0.0/99999999999999999999", "localhost", "10.0.0.0 /8",
    ])
    func whatIsNoRangeIsRefused(text: String) { #expect(IPRange(text) == nil) }

    @Test func aPeerIsWrittenAsHostAndPort() throws {
        let v4 = PeerAddress(try #require(IPAddress("::ffff:127.0.0.1")), port: 80)
        #expect(v4.description == "127.0.0.1:80")
        #expect(v4.ip == IPAddress("127.0.0.1"))
        #expect(PeerAddress(try #require(IPAddress("::1")), port: 5).description == "[::1]:5")
        #expect(PeerAddress(description: "unix").ip == nil)
    }
}
