import Settings
import Testing

struct ValueTests {
    @Test(arguments: [
        ("1", 1), ("1B", 1), ("960KiB", 983_040), ("1 MiB", 1_048_576), ("0001KiB", 1024), ("\"7\"", 7),
        ("'2 KiB'", 2048),
    ])
    func sizesAreRead(text: String, bytes: Int) throws {
        #expect(try load("max_len: \(text)\n").maxLen == bytes)
    }

    @Test(arguments: [
        "-1", "1.5MiB", "1kib", "KiB", "1KiB2", "1e3", "99999999999999999999", "9000000000000GiB", "0", "2GiB", "''",
    ])
    func whatIsNoSizeIsRefused(text: String) {
        #expect(errors("max_len: \(text)\n").count == 1)
    }

    @Test(arguments: [
        ("1ms", Duration.milliseconds(1)), ("30s", .seconds(30)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ("1h1m1s1ms", .milliseconds(3_661_001)), ("45", .seconds(45)), ("0", .zero), ("0s", .zero),
    ])
    func timesAreRead(text: String, time: Duration) throws {
        #expect(try load("drain: \(text)\n").drain == time)
    }

    @Test(arguments: [
        "-1s", "1.5s", "1d", "s", "1s2", "1 s", "99999999999999999999s", "9999999999999999h", "''", "8000h",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(errors("drain: \(text)\n").count == 1)
    }

    @Test(arguments: [
        (":8080", "0.0.0.0:8080"), ("localhost:0", "localhost:0"), ("[::]:1", "[::]:1"), ("systemd", "systemd"),
        ("unix:/a", "unix:/a"), ("systemd:", "systemd"), ("systemd:web", "systemd:web"), ("a.b:65535", "a.b:65535"),
    ])
    func addressesAreRead(text: String, address: String) throws {
        #expect(try load("listeners: [{address: '\(text)'}]\n").listeners[0].address.description == address)
    }

    @Test(arguments: [
        "8080", "a", "a:", "a:65536", "a:-1", "::1:80", "[a]:80", "[::1]", "http://a:80", "a b:80", "unix:", "",
        "unix:/" + String(repeating: "a", count: 107),
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(errors("listeners: [{address: '\(text)'}]\n").count == 1)
    }

    @Test(arguments: ["a", "A.b_c-9", String(repeating: "t", count: 249)])
    func topicsKafkaTakesAreTaken(topic: String) throws {
        #expect(try load("output.kafka.topic: '\(topic)'\n").kafka?.topic == topic)
    }

    @Test(arguments: [".", "..", "a b", "a/b", "ä", String(repeating: "t", count: 250)])
    func topicsKafkaRefusesAreRefused(topic: String) {
        #expect(errors("output.kafka.topic: '\(topic)'\n").count == 1)
    }

    @Test(arguments: ["a:0", "a:b", "a:1:2", ":1", "a b", "a/b", "[::1", "u@a:1"])
    func whatIsNoBrokerIsRefused(host: String) {
        #expect(errors("output.kafka.hosts: ['\(host)']\n").first?.contains("is not a broker") == true)
    }
}
