/// Writes OpenMetrics' text format, version 1.0.0.
///
/// A counter's family has the name without `_total`; a unit that ends a family's name is said; whole bounds are written
/// as `1.0`; `# EOF` says that nothing was cut off.
package enum OpenMetricsText {
    private static let units = ["seconds", "bytes", "ratio"]

    /// What an answer ends with.
    static let end = "# EOF\n"

    /// The whole answer.
    package static func text(_ families: [MetricFamily]) -> String { lines(families) + end }

    /// A part of an answer.
    static func lines(_ families: [MetricFamily]) -> String {
        var lines = ExpositionLines(isCanonical: true)
        for family in families {
            let name = family.kind == .counter ? String(family.name.dropLast("_total".count)) : family.name
            lines.write("# TYPE \(name) \(word(family.kind))")
            if let unit = units.first(where: { name.hasSuffix("_\($0)") }) { lines.write("# UNIT \(name) \(unit)") }
            lines.write("# HELP \(name) \(ExpositionLines.escaped(family.help, quotes: true))")
            lines.samples(of: family, named: family.name)
        }
        return lines.text
    }

    private static func word(_ kind: MetricFamily.Kind) -> String { kind == .untyped ? "unknown" : kind.rawValue }
}
