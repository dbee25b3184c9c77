package import Reactor

/// Where a listener comes from.
package enum ListenSource: Sendable {
    /// Bound by Sluice, or handed over by systemd for this very address.
    case address(ListenAddress)
    /// Handed over by systemd (sd_listen_fds(3)): by its `FileDescriptorName=`, or with nil the next one there is.
    case systemd(name: String?)

    /// Reads what `ListenAddress.parse` reads, and `systemd` or `systemd:NAME`.
    package static func parse(_ text: String) throws(ListenAddressError) -> ListenSource {
        if text == "systemd" { return .systemd(name: nil) }
        if text.hasPrefix("systemd:") { return .systemd(name: String(text.dropFirst("systemd:".count))) }
        return .address(try ListenAddress.parse(text))
    }

    /// systemd was to hand over a socket and did not.
    struct NotHandedOver: Error, CustomStringConvertible {
        let source: ListenSource

        var description: String {
            let name = if case .systemd(let name?) = source { " named \(name)" } else { "" }
            return "systemd has handed over no socket\(name); start Sluice by its .socket unit"
        }
    }

    func means(_ inherited: InheritedListener) -> Bool {
        switch self {
        case .address(let address): inherited.serves(address)
        case .systemd(let name): name == nil || name == inherited.name
        }
    }
}
