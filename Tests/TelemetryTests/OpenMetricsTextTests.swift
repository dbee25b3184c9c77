import Telemetry
import Testing

struct OpenMetricsTextTests {
    @Test func familiesAreNamedWithoutTotalAndSayTheirUnit() {
        var page = MetricFamilies()
        page.begin("sluice_received_bytes_total", .counter, help: "Bytes of \"logs\".")
        page.sample(12, labels: ["route": "/a\"b"])
        page.begin("kafka_topic_partitions", .untyped, help: "Partitions.")
        page.sample(-1)
        page.begin("sluice_oldest_in_flight_seconds", .gauge, help: "Age.")
        page.sample(3.0)
        #expect(
            OpenMetricsText.text(page.all) == """
                # TYPE sluice_received_bytes counter
                # UNIT sluice_received_bytes bytes
                # HELP sluice_received_bytes Bytes of \\"logs\\".
                sluice_received_bytes_total{route="/a\\"b"} 12
                # TYPE kafka_topic_partitions unknown
                # HELP kafka_topic_partitions Partitions.
                kafka_topic_partitions -1
                # TYPE sluice_oldest_in_flight_seconds gauge
                # UNIT sluice_oldest_in_flight_seconds seconds
                # HELP sluice_oldest_in_flight_seconds Age.
                sluice_oldest_in_flight_seconds 3.0
                # EOF

                """
        )
    }

    @Test func boundsOfAHistogramAreCanonicalNumbers() {
        var histogram = Histogram(Histogram.sizes)
        histogram.observe(3, count: 2)
        var page = MetricFamilies()
        page.begin("sluice_batch_records", .histogram, help: "Records.")
        page.sample(histogram)
        let lines = OpenMetricsText.text(page.all).split(separator: "\n").dropFirst(2)
        #expect(lines.first == #"sluice_batch_records_bucket{le="1.0"} 0"#)
        #expect(lines.contains(#"sluice_batch_records_bucket{le="5.0"} 2"#))
        #expect(lines.contains(#"sluice_batch_records_bucket{le="+Inf"} 2"#))
        #expect(lines.suffix(3) == ["sluice_batch_records_sum 6.0", "sluice_batch_records_count 2", "# EOF"])
    }

    @Test func nothingIsJustTheEnd() {
        #expect(OpenMetricsText.text([]) == "# EOF\n")
    }
}
