import Telemetry
import Testing

struct InfluxLinesTests {
    private func text(_ fill: (inout MetricFamilies) -> Void) -> String {
        var page = MetricFamilies()
        fill(&page)
        return InfluxLines.text(page.all)
    }

    @Test func countsAreIntegersAndOtherNumbersAreNot() {
        let lines = text { page in
            page.begin("sluice_logs_dropped_total", .counter, help: "Dropped.")
            page.sample(12, labels: ["reason": "max_len"])
            page.sample(UInt64.max, labels: ["reason": "empty"])
            page.begin("lag", .untyped, help: "Lag.")
            page.sample(-3)
            page.begin("age_seconds", .gauge, help: "Age.")
            page.sample(2.0)
            page.sample(0.25, labels: ["a": "b", "c": "d"])
        }
        #expect(
            lines == """
                sluice_logs_dropped_total,reason=max_len value=12i
                sluice_logs_dropped_total,reason=empty value=9223372036854775807i
                lag value=-3i
                age_seconds value=2.0
                age_seconds,a=b,c=d value=0.25

                """
        )
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatTheProtocolHasNoWordForIsLeftOut(value: Double) {
        let lines = text { page in
            page.begin("a", .gauge, help: "A.")
            page.sample(value)
            page.sample(1.0)
        }
        #expect(lines == "a value=1.0\n")
    }

    @Test(arguments: [
        ("a b", ",l=a\\ b"), ("a,b", ",l=a\\,b"), ("a=b", ",l=a\\=b"), ("", ""), ("a\nb\tc", ",l=a\\nb\\tc"),
        ("a\\", ",l=a"), ("a\"b", ",l=a\"b"), ("ä/ö", ",l=ä/ö"), ("\\\\", ""),
    ])
    func tagsAreEscaped(value: String, tag: String) {
        let line = text { page in
            page.begin("a", .gauge, help: "A.")
            page.sample(1, labels: ["l": value])
        }
        #expect(line == "a\(tag) value=1i\n")
    }

    @Test func aHistogramHasItsSumAndALineForEachBound() {
        var histogram = Histogram(Histogram.sizes)
        histogram.observe(1, count: 2)
        histogram.observe(9_999)
        let lines = text { page in
            page.begin("batch", .histogram, help: "Batches.")
            page.sample(histogram, labels: ["a": "b"])
        }.split(separator: "\n")
        #expect(lines.first == "batch,a=b count=3i,sum=10001.0")
        #expect(lines[1] == "batch,a=b,le=1.0 bucket=2i")
        #expect(lines.last == "batch,a=b,le=+Inf bucket=3i")
        #expect(lines.count == Histogram.sizes.count + 2)
    }
}
