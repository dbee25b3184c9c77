import LogPipeline
import Reactor

// Connections that send more than they may are read more slowly.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Before a read of a connection whose logs are counted.
    mutating func beginMetering(_ guest: Guest, route: Int) {
        guest.logsBefore = route >= 0 ? ledger.receivedLogs(route: route) : 0
    }

    /// After a read: what it brought is paid for before the next one.
    /// - Parameter bytes: of the read.
    mutating func endMetering(_ guest: Guest, bytes: Int, _ id: ConnectionID, _ state: inout ConnectionState) {
        guard state.phase == .open, guest.isMetered else { return }
        let logs = ledger.receivedLogs(route: state.route) &- guest.logsBefore
        guard
            let (wait, reason) = guest.take(logs: Int(logs), bytes: bytes, at: reactor.now, shared.tokenRates)
        else { return }
        slowDown(id, &state, for: wait, reason)
    }

    /// Does not read a connection for a while. It costs nothing until then.
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
