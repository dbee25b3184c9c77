/// Writes Prometheus' text format, version 0.0.4.
package enum PrometheusText {
    /// The whole answer.
    package static func text(_ families: [MetricFamily]) -> String {
        var lines = ExpositionLines(isCanonical: false)
        for family in families {
            lines.write("# HELP \(family.name) \(ExpositionLines.escaped(family.help, quotes: false))")
            lines.write("# TYPE \(family.name) \(family.kind.rawValue)")
            lines.samples(of: family, named: family.name)
        }
        return lines.text
    }
}
