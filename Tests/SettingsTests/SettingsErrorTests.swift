import Settings
import Testing

struct SettingsErrorTests {
    @Test func fiveMistakesAreNamedAtOnce() {
        let found = errors(
            """
            max_len: 960KB
            listners:
              - address: 0.0.0.0:8080
            routes:
              - path: logs
              - path: /a
                reply: ecko
            output.kafka:
              hots: [a]
            """
        )
        #expect(
            found == [
                "a.yml:1: max_len: \"960KB\" is not a size; write a number with B, KiB, MiB or GiB, as in 960KiB",
                "a.yml:2: listners: there is no such setting; did you mean \"listeners\"?",
                "a.yml:5: routes[0].path: \"logs\" does not begin with \"/\"",
                "a.yml:7: routes[1].reply: \"ecko\" is none of none, echo; did you mean \"echo\"?",
                "a.yml:9: output.kafka.hots: there is no such setting; did you mean \"output.kafka.hosts\"?",
            ]
        )
    }

    @Test func moreRoutesThanThereCanBeAreRefused() {
        func found(_ count: Int) -> [String] {
            errors("routes:\n" + (0..<count).map { "  - {path: /r\($0)}\n" }.joined())
        }
        #expect(found(Settings.mostRoutes).isEmpty)
        #expect(found(Settings.mostRoutes + 1) == ["a.yml:1: routes: there are 4097 routes; there can be 4096"])
    }

    /// Settings, `|` for a line's end, and below the only error they have.
    static let cases = """
        topic: x
          1: topic: there is no such setting; did you mean "output.kafka.topic"?
        zzz: 1
          1: zzz: there is no such setting
        output.kafka: {hosts: [a], ssl.verfication_mode: none}
          1: output.kafka.ssl.verfication_mode: there is no such setting; did you mean \
        "output.kafka.ssl.verification_mode"?
        max_len: [1]
          1: max_len: is a list, where a single value is expected
        max_len: {a: 1}
          1: max_len: is a table of keys, where a single value is expected
        routes: /logs
          1: routes: is a single value, where a list (lines that begin with "-") is expected
        routes: [/logs]
          1: routes[0]: is a single value, where a table of keys is expected
        routes: []
          1: routes: is an empty list
        routes:|  - reply: echo
          2: routes[0].path: is missing
        routes: [{path: /a}, {path: /a}]
          1: routes[1].path: "/a" is the path of another route above
        routes: [{path: /a?b}]
          1: routes[0].path: "/a?b" is not a path: visible ASCII without "?" and "#"
        output.kafka: yes
          1: output.kafka: is a single value, where a table of keys is expected
        - a
          1: is a list, where a table of keys is expected
        loops: 0
          1: loops: 0 is out of range: 1 to 1024
        loops: two
          1: loops: "two" is not a whole number
        drain: 30 seconds
          1: drain: "30 seconds" is not a time; write a number with ms, s, m or h, as in 30s
        message_timeout: 0
          1: message_timeout: must be longer than 0
        logging.json: maybe
          1: logging.json: "maybe" is neither true nor false
        listeners: [{address: a:80, ssl: {}}]
          1: listeners[0].ssl: needs certificate and key: the names of two PEM files
        listeners: [{address: 8080}]
          1: listeners[0].address: "8080" is not an address; write host:port, [IPv6]:port, unix:/path or systemd
        listeners: [{}]
          1: listeners[0].address: is missing
        listeners: [{address: a:80}, {address: a:80}]
          1: listeners[1].address: a:80 is another listener's as well
        admin: 0.0.0.0:8080
          1: admin: 0.0.0.0:8080 is a listener's address as well
        max_len: 65MiB|output.console:
          1: max_len: max_len (68157440 bytes) is more than max_partial (67108864 bytes), so no such log could \
        become whole
        max_in_flight: 1MiB
          1: max_in_flight: max_len (983040 bytes) is more than half of max_in_flight (1048576 bytes), a topic's \
        share
        idle_timeout: 10s
          1: idle_timeout: ping_interval (20.0 seconds) must be shorter than idle_timeout (10.0 seconds)
        output.kafka.enabled: false
          1: output: no output is enabled; enable output.kafka or output.console
        output.elasticsearch.hosts: [a]
          1: output.elasticsearch: is not an output of Sluice; they are output.kafka and output.console
        output.kafka.key: a
          1: output.kafka.key: a key of records is not there yet; it comes with a later version
        output.kafka.partition.hash: {}
          1: output.kafka.partition.hash: a partitioner other than partition.connection is not there yet; it comes \
        with a later version
        output.kafka.topic: '%{[type]}'
          1: output.kafka.topic: format strings are not there yet; they come with a later version
        output.kafka.topic: a/b
          1: output.kafka.topic: "a/b" is not a name Kafka takes for a topic: 1 to 249 letters, digits, '.', '_', \
        '-'
        output.kafka: {embedded: true, hosts: [a]}
          1: output.kafka.embedded: true and hosts are given; leave one of them out
        output.kafka.hosts: []
          1: output.kafka.hosts: is an empty list; name brokers, or write embedded: true
        output.kafka.embedded: false
          1: output.kafka.embedded: false without hosts: there is nowhere to go; set hosts
        output.kafka.hosts: ['http://a:9']
          1: output.kafka.hosts: "http://a:9" is not a broker; write host:port, as in kafka1.example:9092
        output.kafka.username: a
          1: output.kafka.username: needs a password as well
        output.kafka.sasl.mechanism: PLAIN
          1: output.kafka.sasl.mechanism: needs output.kafka.username and output.kafka.password
        output.kafka: {hosts: [a], ssl.certificate: a}
          1: output.kafka.ssl.certificate: needs ssl.key as well
        output.kafka.ssl.enabled: true
          1: output.kafka.ssl: needs hosts: the embedded broker knows no TLS
        output.kafka: {username: a, password: b}
          1: output.kafka.username: needs hosts: the embedded broker knows no users
        output.kafka.required_acks: 2
          1: output.kafka.required_acks: "2" is none of -1 (all in-sync replicas), 1 (the leader), 0 (none)
        output.kafka.backoff.init: 1m
          1: output.kafka.backoff.init: is longer than backoff.max (30.0 seconds)
        output.kafka.librdkafka.bootstrap.servers: a
          1: output.kafka.librdkafka.bootstrap.servers: has a setting of its own: output.kafka.hosts
        output.kafka.topic: ''
          1: output.kafka.topic: "" is not a name Kafka takes for a topic: 1 to 249 letters, digits, '.', '_', '-'
        """.split(separator: "\n").map(String.init)

    @Test(arguments: Array(stride(from: 0, to: cases.count, by: 2)))
    func anErrorNamesItsPlaceAndTheWayOut(index: Int) {
        let yaml = Self.cases[index].split(separator: "|").joined(separator: "\n")
        #expect(errors(yaml) == ["a.yml:" + Self.cases[index + 1].dropFirst(2)])
    }

    @Test func aMissingFileIsNamed() {
        #expect(throws: SettingsErrors.self) { try Settings.load(file: "/nonexistent/sluice.yml") }
        do throws(SettingsErrors) {
            _ = try Settings.load(file: "/nonexistent/sluice.yml")
        } catch {
            #expect(error.description == "/nonexistent/sluice.yml: cannot be read: No such file or directory")
        }
    }

    @Test func aFolderIsNoFile() {
        do throws(SettingsErrors) {
            _ = try Settings.load(file: "/")
            #expect(Bool(false))
        } catch {
            #expect(error.description == "/: cannot be read: Is a directory")
        }
    }
}
