import Gateway
import Reactor
import Settings

/// What stands between clients and the gateway, made from the settings and the files they name.
struct Entrance {
    let admission: AdmissionTable
    /// By listener; nil where it speaks no TLS, or what it has stays until the restart.
    let securities: [TLSContext?]
    let trustedProxies: [IPRange]
    /// What is doubtful and no reason not to start.
    let warnings: [String]

    /// - Throws: everything that cannot be made, at once.
    init(_ settings: Settings) throws(ConfigurationFaults) {
        var faults: [ConfigurationFault] = []
        var admission: AdmissionTable?
        do throws(ConfigurationFaults) {
            admission = try AdmissionTable(settings)
        } catch {
            faults += error.faults
        }
        var warnings: [String] = []
        var securities: [TLSContext?] = []
        for (index, listener) in settings.listeners.enumerated() {
            do throws(ConfigurationFault) {
                let tls = listener.isSecurityLeaving ? nil : listener.tls
                let context = try tls.map { tls throws(ConfigurationFault) in
                    try TLSContext.server(tls, listener: index)
                }
                warnings += (context?.warnings ?? []).map { "listeners[\(index)].ssl: \($0)" }
                securities.append(context)
            } catch {
                faults.append(error)
            }
        }
        trustedProxies = settings.trustedProxies.compactMap { text in
            if let range = IPRange(text) { return range }
            let detail = "\"\(text)\" is not an address or a range; write 10.0.0.0/8 or 192.0.2.1"
            faults.append(ConfigurationFault(setting: "trusted_proxies", detail: detail))
            return nil
        }
        guard let admission, faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
        self.admission = admission
        self.securities = securities
        self.warnings = warnings
    }
}
