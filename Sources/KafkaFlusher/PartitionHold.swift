internal import LogPipeline

/// What happens to a partition of which Kafka has refused records: the decisions, without the records.
///
/// The way: all records in flight come back (`draining`), the refused ones are in order again; a wait; the topic's
/// metadata; one small probe; after its success everything goes out and the partition is open again. Where the
/// fault may be a record's own, probes halve until the one record at fault is alone, which is dropped, or offered again
/// after a wait where it need not be its own fault (`LoneRefusal`).
///
/// Whoever carries this out tells it when nothing of the partition is in flight any more (`drained`), and what came
/// back since it was last told.
struct PartitionHold: Equatable {
    enum Phase: Equatable {
        /// Waiting for what is in flight.
        case draining
        case waiting(until: UInt64)
        /// Metadata was asked for.
        case asking
        /// So many records are out alone.
        case probing(Int)
    }

    enum Action: Equatable {
        /// Call `deadline` at this time.
        case wait(until: UInt64)
        case askMetadata
        /// Produce the first so many held records, nothing else, and call `drained` when they are back.
        case probe(Int)
        /// Produce all held records and let new ones pass.
        case release
        /// Drop the one held record that came back with a fault, then call `drained` again.
        case dropFaulty
        case nothing
    }

    /// What is held when nothing is in flight, and what came back since the last call.
    struct Drained: Equatable {
        /// Held records in all.
        var held: Int
        /// Records that came back with a fault that may be their own.
        var faulty: Int
        /// Held records up to and with the last of those.
        var suspects: Int
        /// Records that came back for another reason.
        var refused: Int
        /// One of those was refused alone: it is offered alone again.
        var isKept = false
    }

    /// The first probe after a refusal that is nobody's fault.
    static let probeSize = 16

    private(set) var phase = Phase.draining
    private var backoff: Backoff
    /// Leading held records with at least one at fault among them.
    private var suspects = 0
    private var limit = PartitionHold.probeSize
    /// What came back last was nobody's own fault.
    private var isPostponed = false

    init(backoff: Backoff) { self.backoff = backoff }

    /// Whether the search for a faulty record is on; the topic is not unhealthy for that.
    var isIsolating: Bool { suspects > 0 && !isPostponed }

    /// Nothing of the partition is in flight.
    mutating func drained(_ state: Drained, now: UInt64, random: UInt64) -> Action {
        if case .waiting(let until) = phase { return .wait(until: until) }
        if phase == .asking { return .nothing }
        let probed: Int
        if case .probing(let count) = phase { probed = count } else { probed = 0 }
        // The probed ones left the front; those that came back stand there again.
        let behind = max(0, suspects - probed)
        suspects = behind > 0 ? behind + state.faulty + state.refused : state.suspects
        isPostponed = state.refused > 0
        if state.isKept { limit = 1 }
        if isPostponed { return postpone(now: now, random: random) }
        if state.faulty == 1 {
            // A MessageSet succeeds or fails as a whole: one record that fails alone was a MessageSet of its own.
            suspects -= 1
            phase = .draining
            return .dropFaulty
        }
        if state.faulty > 1 {
            limit = max(1, state.faulty / 2)
            return probe(held: state.held)
        }
        return advance(probed: probed, held: state.held)
    }

    private mutating func advance(probed: Int, held: Int) -> Action {
        if probed > 0 { backoff.reset() }
        if suspects > 0 {
            if probed > 0 { limit = max(1, min(limit * 2, suspects)) }
            return probe(held: held)
        }
        limit = PartitionHold.probeSize
        return .release
    }

    private mutating func probe(held: Int) -> Action {
        let count = min(held, limit)
        guard count > 0 else { return .release }
        phase = .probing(count)
        return .probe(count)
    }

    private mutating func postpone(now: UInt64, random: UInt64) -> Action {
        let until = now + backoff.next(random: random)
        phase = .waiting(until: until)
        return .wait(until: until)
    }

    /// The time of `.wait` has come.
    mutating func deadline(now: UInt64) -> Action {
        guard case .waiting(let until) = phase, now >= until else { return .nothing }
        phase = .asking
        return .askMetadata
    }

    /// Metadata was answered.
    ///
    /// - Parameter usable: whether the topic exists and may be written to.
    mutating func answered(usable: Bool, held: Int, now: UInt64, random: UInt64) -> Action {
        guard phase == .asking else { return .nothing }
        guard usable else { return postpone(now: now, random: random) }
        if suspects == 0 { limit = PartitionHold.probeSize }
        return probe(held: held)
    }

    /// The producer was replaced: what is held may be probed at once.
    mutating func restarted(now: UInt64) { phase = .waiting(until: now) }

    /// Records came back although the partition was taken for well: all in flight is awaited again.
    mutating func reopen() { phase = .draining }

    /// The end is near: no wait is longer than this.
    mutating func hasten(latest: UInt64) {
        if case .waiting(let until) = phase, until > latest { phase = .waiting(until: latest) }
    }
}
