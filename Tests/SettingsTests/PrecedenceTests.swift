import Settings
import Testing

struct PrecedenceTests {
    @Test func theFileIsWeakestThenTheEnvironmentThenTheCommandLine() throws {
        let environment = ["SLUICE_MAX_LEN": "2KiB", "SLUICE_LOOPS": "2"]
        let settings = try load("max_len: 1KiB\nloops: 1\ndrain: 1s\n", ["max_len=3KiB"], environment: environment)
        #expect(settings.maxLen == 3072)
        #expect(settings.loops == 2)
        #expect(settings.drain == .seconds(1))
    }

    @Test func variablesReachEveryKey() throws {
        let settings = try load(
            "",
            environment: [
                "SLUICE_OUTPUT_KAFKA_HOSTS": "a:1, b:2", "SLUICE_OUTPUT_KAFKA_SSL_CERTIFICATE_AUTHORITIES": "[/ca.pem]",
                "SLUICE_OUTPUT_KAFKA_USERNAME": "u", "SLUICE_OUTPUT_KAFKA_PASSWORD": "a #b: *c", "PATH": "/bin",
                "SLUICE_ROUTES": "- path: /x", "SLUICE_OUTPUT_KAFKA_LIBRDKAFKA": "{linger.ms: 9}",
            ]
        )
        #expect(settings.kafka?.hosts == ["a:1", "b:2"])
        #expect(settings.kafka?.tls?.authorities == [.file("/ca.pem")])
        #expect(settings.kafka?.password?.value == "a #b: *c")
        #expect(settings.routes.map(\.path) == ["/x"])
        #expect(settings.kafka?.librdkafka.map(\.value) == ["9"])
    }

    @Test func anUnknownVariableIsAWarning() throws {
        let found = try warnings("", environment: ["SLUICE_MAX_LAN": "1", "SLUICE_SERVICE_HOST": "10.0.0.1"])
        #expect(
            found
                == [
                    "the environment variable SLUICE_MAX_LAN is no setting; did you mean SLUICE_MAX_LEN?",
                    "the environment variable SLUICE_SERVICE_HOST is no setting",
                ]
        )
    }

    @Test func anErrorOfTheEnvironmentNamesTheVariable() {
        #expect(
            errors("", environment: ["SLUICE_LOOPS": "x"]) == ["SLUICE_LOOPS: loops: \"x\" is not a whole number"]
        )
    }

    @Test func overridesAreYAML() throws {
        let settings = try load(
            "output.kafka.hosts: [z]\n",
            ["output.kafka.hosts=[a:1, b:2]", "logging={level: error}", "output.kafka.topic=", "logging.json=true"]
        )
        #expect(settings.kafka?.hosts == ["a:1", "b:2"])
        #expect(settings.kafka?.topic == "logs")
        #expect(settings.logging == Settings.Logging(level: .error, json: true))
    }

    @Test func overridesReachIntoLists() throws {
        let yaml = "listeners: [{address: a:1}, {address: b:2}]\n"
        #expect(try load(yaml, ["listeners.1.address=c:3"]).listeners.map(\.address.description) == ["a:1", "c:3"])
    }

    @Test(arguments: [
        ("nothing", "-E: \"nothing\" is not key=value"), ("=x", "-E: \"=x\" is not key=value"),
        ("a..b=1", "-E: a..b: a key with an empty part"), ("loops=*x", "-E: loops: there is no anchor &x above"),
        ("lops=1", "-E: lops: there is no such setting; did you mean \"loops\"?"),
    ])
    func badOverridesAreNamed(override: String, message: String) {
        #expect(errors("", [override]) == [message])
    }
}
