import Telemetry
import Testing

struct MetricsFormatTests {
    @Test(
        arguments: [
            ([], .prometheus), (["*/*"], .prometheus), (["text/html", "*/*;q=0.8"], .prometheus),
            (["application/openmetrics-text"], .openMetrics),
            (["application/openmetrics-text; version=1.0.0; charset=utf-8"], .openMetrics),
            (["application/openmetrics-text;version=\"1.0.0\""], .openMetrics),
            (["Application/OpenMetrics-Text;VERSION=1.0.0;Q=0.1"], .openMetrics),
            (["application/openmetrics-text;version=0.0.1"], .prometheus),
            (["application/openmetrics-text;q=0", "text/plain"], .prometheus),
            (["application/openmetrics-text;q=0.4", "text/plain;q=0.5"], .prometheus),
            (["application/openmetrics-text;q=nonsense"], .prometheus),
            // What Prometheus 2.42 and 3.5 send.
            (
                [
                    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75",
                    "text/plain;version=0.0.4;q=0.5", "*/*;q=0.1",
                ].flatMap { $0.split(separator: ",").map(String.init) }, .openMetrics
            ),
            (
                [
                    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5",
                    "application/openmetrics-text;version=0.0.1;q=0.4", "text/plain;version=1.0.0;q=0.3",
                    "text/plain;version=0.0.4;q=0.2", "/;q=0.1",
                ], .openMetrics
            ),
        ] as [([String], MetricsFormat)]
    )
    func whatIsPreferredIsGiven(accept: [String], format: MetricsFormat) {
        #expect(MetricsFormat.preferred(accept: accept) == format)
    }

    @Test func namesAreThoseOfTheQuery() {
        #expect(MetricsFormat.allCases.map(\.rawValue) == ["prometheus", "openmetrics", "influx"])
    }
}
