/// One scrape of `/metrics`.
struct Metrics: Sendable {
    private let samples: [(name: String, labels: String, value: Double)]

    /// - Parameter text: the Prometheus text format, version 0.0.4.
    init(_ text: String) {
        samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                return nil
            }
            let series = line[..<space]
            let name = series.prefix { $0 != "{" }
            return (String(name), String(series.dropFirst(name.count)), value)
        }
    }

    var names: Set<String> { Set(samples.map(\.name)) }

    /// The sum over the series of a name, of those alone whose labels hold `label`, `topic="logs"` for example.
    func sum(_ name: String, _ label: String = "") -> Int {
        Int(
            samples.filter { $0.name == name && (label.isEmpty || $0.labels.contains(label)) }.map(\.value).reduce(0, +)
        )
    }

    /// The values of a name, by the value of a label that each of its series has.
    func byLabel(_ name: String, _ label: String) -> [String: Int] {
        var found: [String: Int] = [:]
        for sample in samples where sample.name == name {
            guard let start = sample.labels.firstRange(of: "\(label)=\"")?.upperBound else { continue }
            found[String(sample.labels[start...].prefix { $0 != "\"" }), default: 0] += Int(sample.value)
        }
        return found
    }

    /// The values of a name, by their labels as they stand on the page, braces and all.
    func values(_ name: String) -> [String: Int] {
        var found: [String: Int] = [:]
        for sample in samples where sample.name == name { found[sample.labels] = Int(sample.value) }
        return found
    }

    var received: Int { sum("sluice_logs_received_total") }
    var delivered: Int { sum("sluice_logs_delivered_total") }
    var dropped: Int { sum("sluice_logs_dropped_total") }
    var inFlight: Int { sum("sluice_logs_in_flight") }

    /// - Parameter result: `sent` or `lost`.
    func deadLetters(_ result: String) -> Int { sum("sluice_dead_letters_total", "result=\"\(result)\"") }

    /// The law that holds at every scrape, to the last log.
    var isConserved: Bool { received == delivered + dropped + inFlight }
}
