/// What a setting asks for and cannot be had: a file that is no key, a pattern that matches nothing.
struct ConfigurationFault: Error, Equatable, CustomStringConvertible {
    /// The whole key: `listeners[0].ssl.key`.
    let setting: String
    let detail: String

    var description: String { "\(setting): \(detail)" }
}

/// Everything that is wrong so, in one go.
struct ConfigurationFaults: Error, Equatable, CustomStringConvertible {
    let faults: [ConfigurationFault]

    var description: String { faults.map(\.description).joined(separator: "\n") }
}
