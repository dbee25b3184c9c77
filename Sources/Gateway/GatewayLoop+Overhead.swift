import Admission
import LogPipeline
import Reactor
import WebSocketWire

// Frames that carry nothing or hardly anything of a log: pings, pongs, empty messages, fragments of a few bytes.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Fragments of fewer bytes that do not end their message count as overhead.
    static var leastFragment: UInt64 { 16 }

    /// After a read: a connection that sends too many of them is read more slowly.
    mutating func payOverhead(_ id: ConnectionID, _ state: inout ConnectionState) {
        guard overheadFrames > 0 else { return }
        let count = overheadFrames
        overheadFrames = 0
        guard state.phase == .open else { return }
        let rate = overheadRate(state)
        guard rate > 0 else { return }
        let wait = state.overhead.take(count, rate: rate, at: reactor.now)
        if wait > 0 { slowDown(id, &state, for: wait, .overheadFrames) }
    }

    /// What the connection's route allows now; of one that is gone, what stands where nobody says anything.
    private func overheadRate(_ state: borrowing ConnectionState) -> Int {
        let label = routeLabels[state.route]
        guard let place = currentRoutes.firstIndex(where: { routeLabels[$0] == label }) else {
            return ConnectionLimits().overheadFramesPerSecond
        }
        return admission[listener: Int(state.listener), route: place].limits.overheadFramesPerSecond
    }
}
