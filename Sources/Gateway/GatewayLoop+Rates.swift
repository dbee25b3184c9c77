import LogPipeline
import Reactor

// Connections that send more than they may are read more slowly.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Before a read of a connection whose logs are counted.
    mutating func beginMetering(_ guest: Guest, route: Int) {
        guard guest.isMetered, route >= 0 else { return }
        let (logs, bytes) = ledger.received(route: route)
        guest.begin(logs: logs, content: bytes)
    }

    /// After a read: what it brought is paid for before the next one.
    /// - Parameter wire: bytes of the read.
    mutating func endMetering(_ guest: Guest, wire: Int, _ id: ConnectionID, _ state: inout ConnectionState) {
        guard let (wait, reason) = charge(guest, route: state.route, wire: wire) else { return }
        slowDown(id, &state, for: wait, reason)
    }

    /// Counts what has been received since metering began.
    /// - Returns: how long to wait, in nanoseconds, and for the sake of which limit; nil: go on.
    @discardableResult
    mutating func charge(_ guest: Guest, route: Int, wire: Int) -> (UInt64, SlowReason)? {
        guard guest.isMetered, route >= 0 else { return nil }
        let (logs, bytes) = ledger.received(route: route)
        let (count, size) = guest.end(wire: wire, logs: logs, content: bytes)
        guard count > 0 || size > 0 else { return nil }
        return guest.take(logs: count, bytes: size, at: reactor.now, shared.tokenRates)
    }

    /// Does not read a WebSocket for a while. It costs nothing until then.
    /// - Parameter time: nanoseconds.
    mutating func slowDown(
        _ id: ConnectionID,
        _ state: inout ConnectionState,
        for time: UInt64,
        _ reason: SlowReason
    ) {
        // At the end everybody is heard out.
        guard state.phase == .open, state.pause == .none, draining == nil else { return }
        counters.slowed[Int(reason.rawValue)] += 1
        pause(id, &state, .rate)
        let (due, isOver) = reactor.now.addingReportingOverflow(time)
        slow.insert(id, at: isOver ? .max : due)
        reactor.setTimer(.rates, at: slow.next)
    }

    /// Reads on from those whose time has come.
    mutating func resumeSlowed() {
        while let id = slow.pop(at: reactor.now) {
            if connection(id)?.state.pause == .rate { resume(id) }
        }
        reactor.setTimer(.rates, at: slow.next)
    }
}
