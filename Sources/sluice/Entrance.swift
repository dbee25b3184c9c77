import Gateway
import Reactor
import Settings

/// What stands between clients and the gateway, made from the settings and the files they name.
struct Entrance {
    let admission: AdmissionTable
    let trustedProxies: [IPRange]

    /// - Throws: everything that cannot be made, at once.
    init(_ settings: Settings) throws(ConfigurationFaults) {
        var faults = NotOffered.faults(settings)
        var admission: AdmissionTable?
        do throws(ConfigurationFaults) {
            admission = try AdmissionTable(settings)
        } catch {
            faults += error.faults
        }
        trustedProxies = settings.trustedProxies.compactMap { text in
            if let range = IPRange(text) { return range }
            let detail = "\"\(text)\" is not an address or a range; write 10.0.0.0/8 or 192.0.2.1"
            faults.append(ConfigurationFault(setting: "trusted_proxies", detail: detail))
            return nil
        }
        guard let admission, faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
        self.admission = admission
    }
}
