extension GatewayConfiguration {
    /// Descriptors for what is no client's connection: Kafka's brokers, files, the admin pages.
    private static let reserve = 64

    /// Bounds connections by the limit of open files, so that no flood of them can use it up: a tenth stays for
    /// connections that are no WebSockets (yet), half of that for everything else.
    ///
    /// - Parameter descriptors: how many the process may have open; 0 is not known.
    mutating func fit(descriptors: Int) {
        guard descriptors > 0 else { return }
        let free = max(0, descriptors - Self.reserve)
        if maxConnections == 0 { maxConnections = max(1, free - descriptors / 10) }
        if maxSockets == 0 { maxSockets = max(1, free - descriptors / 20) }
    }
}
