import Settings
import Testing

struct VariableExpansionTests {
    private func topic(_ text: String, _ environment: [String: String] = [:]) throws(SettingsErrors) -> String? {
        try load("output.kafka.client_id: '\(text)'\n", environment: environment).kafka?.clientID
    }

    @Test(arguments: [
        ("${A}", "1"), ("x${A}y${A}", "x1y1"), ("${NO:b}", "b"), ("${A:b}", "1"), ("${NO:${A}}", "1"),
        ("${NO:${NO2:c}}", "c"), ("${EMPTY:d}", "d"), ("${A:+set}", "set"), ("a${NO:+set}", "a"), ("$A", "$A"),
        ("$${A}", "${A}"), ("a$", "a$"), ("${NO:a:b}", "a:b"), ("${A:?needed}", "1"), ("}{", "}{"),
        ("${NO:}x", "x"),
    ])
    func variablesAreExpandedAsInBeats(text: String, expected: String) throws {
        #expect(try topic(text, ["A": "1", "EMPTY": ""]) == expected)
    }

    @Test(arguments: [
        ("${NO}", "the environment variable NO is not set; set it, or write ${NO:default}"),
        ("${NO:?ask Ann}", "the environment variable NO is not set: ask Ann"),
        ("${NO", "\"${\" without \"}\""),
        ("${a b}", "\"${a b}\" does not name an environment variable; \"$${\" is a plain \"${\""),
        ("${}", "\"${}\" does not name an environment variable; \"$${\" is a plain \"${\""),
    ])
    func whatCannotBeExpandedIsAnError(text: String, message: String) {
        #expect(errors("output.kafka.client_id: '\(text)'\n") == ["a.yml:1: output.kafka.client_id: \(message)"])
    }

    @Test func numbersAndListsCanComeFromVariables() throws {
        let settings = try load(
            "loops: ${N:4}\noutput.kafka.hosts: ${HOSTS}\nlisteners:\n  - address: 0.0.0.0:${PORT}\n",
            environment: ["HOSTS": "a:1,b:2", "PORT": "81"]
        )
        #expect(settings.loops == 4)
        #expect(settings.kafka?.hosts == ["a:1", "b:2"])
        #expect(settings.listeners[0].address == .tcp(host: "0.0.0.0", port: 81))
    }

    @Test func defaultsWithinDefaultsAreBounded() {
        let text = String(repeating: "${NO:", count: 20) + String(repeating: "}", count: 20)
        #expect(errors("loops: '\(text)'\n")[0].contains("nested too deeply"))
    }

    @Test func aValueThatWasOverriddenNeedsNoVariable() throws {
        #expect(try load("loops: ${NO}\n", ["loops=2"]).loops == 2)
    }
}
