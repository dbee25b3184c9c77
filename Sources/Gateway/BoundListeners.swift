import Reactor

/// The listening sockets of all loops, bound before any loop starts, so that a wrong address is told at once.
///
/// Each loop has sockets of its own on the same addresses (SO_REUSEPORT); a unix socket, or one handed over by
/// systemd, is shared.
final class BoundListeners: Sendable {
    /// With the real ports, in the order of the configuration.
    let addresses: [ListenAddress]
    /// By loop.
    private let boxes: [[ListenerBox]]

    /// - Parameters:
    ///   - inherited: what systemd has handed over; what is used is taken out, so that nobody else listens there too.
    ///   - setting: where the addresses are from, for errors.
    /// - Throws: `ListeningError`.
    init(
        _ wanted: [ListenSource],
        loops: Int,
        from inherited: inout [InheritedListener],
        setting: String
    ) throws(ListeningError) {
        do {
            (addresses, boxes) = try Self.open(wanted, loops: loops, from: &inherited)
        } catch {
            throw ListeningError(setting: setting, reason: error)
        }
    }

    private static func open(
        _ wanted: [ListenSource],
        loops: Int,
        from inherited: inout [InheritedListener]
    ) throws -> ([ListenAddress], [[ListenerBox]]) {
        var addresses: [ListenAddress] = []
        var boxes: [[ListenerBox]] = Array(repeating: [], count: loops)
        for source in wanted {
            if let index = inherited.firstIndex(where: { source.means($0) }) {
                let handed = inherited.remove(at: index)
                for loop in 0..<loops { boxes[loop].append(ListenerBox(try handed.listener())) }
                addresses.append(handed.address)
            } else if case .address(let address) = source {
                addresses.append(try bind(address, into: &boxes))
            } else {
                throw ListenSource.NotHandedOver(source: source)
            }
        }
        return (addresses, boxes)
    }

    private static func bind(_ address: ListenAddress, into boxes: inout [[ListenerBox]]) throws -> ListenAddress {
        // SO_REUSEPORT would hide that somebody else listens there already.
        if boxes.count > 1 { try Listener.probe(address) }
        let first = try Listener.bind(address, reusePort: boxes.count > 1)
        let bound = first.boundAddress
        for loop in boxes.indices.dropFirst() {
            if case .unix = address {
                boxes[loop].append(ListenerBox(try first.duplicate()))
            } else {
                boxes[loop].append(ListenerBox(try Listener.bind(bound, reusePort: true)))
            }
        }
        boxes[0].append(ListenerBox(first))
        return bound
    }

    /// Gives a loop its sockets, once.
    func take(loop: Int, _ body: (consuming Listener) -> Void) {
        for box in boxes[loop] {
            if let listener = box.take() { body(listener) }
        }
    }
}
