import Telemetry
import Testing

struct PrometheusTextTests {
    @Test func familiesHaveHelpTypeAndSamples() {
        var page = MetricFamilies()
        page.begin("sluice_logs_received_total", .counter, help: "Logs received.")
        page.sample(12, labels: ["route": "/logs"])
        page.sample(UInt64.max, labels: ["route": "/echo", "b": "c"])
        page.begin("sluice_in_flight_bytes", .gauge, help: "Bytes.")
        page.sample(0)
        #expect(
            PrometheusText.text(page.all) == """
                # HELP sluice_logs_received_total Logs received.
                # TYPE sluice_logs_received_total counter
                sluice_logs_received_total{route="/logs"} 12
                sluice_logs_received_total{route="/echo",b="c"} 18446744073709551615
                # HELP sluice_in_flight_bytes Bytes.
                # TYPE sluice_in_flight_bytes gauge
                sluice_in_flight_bytes 0

                """
        )
    }

    @Test func labelsAndHelpAreEscaped() {
        var page = MetricFamilies()
        page.begin("a", .gauge, help: "back\\slash \"quote\"\nline")
        page.sample(1, labels: ["l": "back\\slash \"quote\"\nline"])
        #expect(
            PrometheusText.text(page.all) == """
                # HELP a back\\\\slash "quote"\\nline
                # TYPE a gauge
                a{l="back\\\\slash \\"quote\\"\\nline"} 1

                """
        )
    }

    @Test(arguments: [
        (0.0, "0"), (1.5, "1.5"), (0.1 + 0.2, "0.30000000000000004"), (1e-7, "1e-07"), (1e300, "1e+300"),
        (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-2, "-2"), (1_700_000_000.25, "1700000000.25"),
    ])
    func numbersLoseNothing(value: Double, text: String) {
        var page = MetricFamilies()
        page.begin("a", .gauge, help: "A.")
        page.sample(value)
        #expect(PrometheusText.text(page.all).hasSuffix("\na \(text)\n"))
    }

    @Test func aHistogramIsCumulativeAndEndsInInfinity() {
        var histogram = Histogram()
        histogram.observe(0.001)
        histogram.observe(0.0011, count: 2)
        histogram.observe(100)
        var page = MetricFamilies()
        page.begin("sluice_delivery_seconds", .histogram, help: "Time.")
        page.sample(histogram, labels: ["a": "b"])
        let lines = PrometheusText.text(page.all).split(separator: "\n").dropFirst(2).map(String.init)
        #expect(lines.count == Histogram.latency.count + 3)
        #expect(lines[0] == "sluice_delivery_seconds_bucket{a=\"b\",le=\"0.001\"} 1")
        #expect(lines[1] == "sluice_delivery_seconds_bucket{a=\"b\",le=\"0.0025\"} 3")
        #expect(lines[14] == "sluice_delivery_seconds_bucket{a=\"b\",le=\"60\"} 3")
        #expect(lines[15] == "sluice_delivery_seconds_bucket{a=\"b\",le=\"+Inf\"} 4")
        #expect(lines[16] == "sluice_delivery_seconds_sum{a=\"b\"} 100.0032")
        #expect(lines[17] == "sluice_delivery_seconds_count{a=\"b\"} 4")
    }
}
