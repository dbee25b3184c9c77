import LogPipeline
import Reactor
import WebSocketWire

// Compressed messages (RFC 7692): inflated in steps, each connection so much in a tick.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Inflaters kept for messages that do not refer to those before.
    static var spareInflaterLimit: Int { 8 }

    /// A frame, or part of one, of a message that is inflated or cut into logs.
    ///
    /// - Parameter source: where the masked payload lies, with `Masking.padding` readable bytes behind it.
    /// - Returns: false when the connection is to be read no further: it has failed, or `unfinished` has what is left
    ///   for the next tick.
    mutating func streamed(
        _ source: UnsafeRawPointer,
        _ piece: StreamPiece,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> Bool {
        precondition(piece.count <= unmasked.capacity, "a read brought more than a read can bring")
        let target = unsafe unmasked.start
        unsafe Masking.copy(from: source, to: target, count: piece.count, mask: piece.mask)
        // Behind it there is room for the inflater's tail.
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: target, count: piece.count)
        let fault =
            piece.isCompressed
            ? unsafe inflate(bytes, piece, policy, id, &state)
            : unsafe plain(UnsafeRawBufferPointer(bytes), piece, policy, id, &state)
        guard let fault else { return unfinished == nil }
        fail(id, &state, fault.code, fault.reason)
        return false
    }

    private mutating func plain(
        _ bytes: UnsafeRawBufferPointer,
        _ piece: StreamPiece,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        let message = message(of: id, &state, piece.kind, policy, isWhole: piece.ends)
        guard message.progress.announce(piece.declared, limit: policy.maxMessage) else {
            overMaxMessage(Int(clamping: piece.declared), message, policy, id, &state)
            return .overMaxMessage
        }
        return unsafe content(bytes, piece.kind, ends: piece.ends, policy, id, &state)
    }

    private mutating func inflate(
        _ input: UnsafeMutableRawBufferPointer,
        _ piece: StreamPiece,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        guard let inflation = state.inflation else { return .corrupt }
        let inflater = inflater(of: inflation)
        let output = unsafe UnsafeMutableRawBufferPointer(start: inflated.start, count: inflated.capacity)
        var (taken, filled) = (piece.tailTaken, 0)
        while true {
            if allowance.isUsedUp || !mayGrow(id) {
                unfinished = piece
                unfinished?.drop(first: taken)
                return nil
            }
            let before = taken
            let end = min(input.count, taken + allowance.mostInput)
            let isRest = piece.ends && end == input.count
            filled = 0
            let step =
                isRest
                ? unsafe inflater.inflateLast(input, taken: &taken, into: output, produced: &filled)
                : unsafe inflater.inflate(
                    UnsafeRawBufferPointer(rebasing: input[..<end]),
                    taken: &taken,
                    into: output,
                    produced: &filled
                )
            allowance.use(input: taken - before, output: filled)
            let isLast = if case .needInput = step { isRest } else { false }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: output[..<filled])
            if let fault = unsafe content(bytes, piece.kind, ends: isLast, policy, id, &state) { return fault }
            switch step {
            case .needRoom: continue
            case .corrupt: return .corrupt
            case .needInput:
                guard end == input.count else { continue }
                if isLast { messageInflated(inflation, id, &state) }
                return nil
            }
        }
    }

    /// Whether what is inflated may be kept: beyond `max_partial` a few connections get on, and the others wait.
    mutating func mayGrow(_ id: ConnectionID) -> Bool {
        guard partial.isExhausted else { return true }
        return partial.mayRead(slot: id.slot, headroom: 0, need: readSize)
    }

    private mutating func inflater(of inflation: Inflation) -> Inflater {
        if let inflater = inflation.inflater { return inflater }
        let parameters = inflation.parameters
        let inflater =
            if parameters.clientKeepsContext {
                Inflater(windowBits: parameters.clientWindowBits, keepsContext: true)
            } else {
                // The largest window takes what was made for a smaller one: one for all connections.
                spareInflaters.popLast() ?? Inflater(windowBits: 15, keepsContext: false)
            }
        inflation.inflater = inflater
        return inflater
    }

    /// A compressed message is whole.
    private mutating func messageInflated(
        _ inflation: Inflation,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        partial.finished(slot: id.slot)
        guard inflation.parameters.clientKeepsContext else {
            if let inflater = inflation.inflater, spareInflaters.count < Self.spareInflaterLimit {
                spareInflaters.append(inflater)
            }
            inflation.inflater = nil
            return
        }
        guard configuration.compressionIdle > 0 else { return }
        let isFirst = inflation.restsAt == .max
        inflation.restsAt = reactor.now &+ configuration.compressionIdle
        guard isFirst else { return }
        counters.inflaters += 1
        schedule(id, &state)
    }

    /// An inflater that has had nothing to do for `compression_idle` keeps no more than its window.
    mutating func restInflater(_ state: inout ConnectionState) {
        guard let inflation = state.inflation, reactor.now >= inflation.restsAt else { return }
        guard state.message == nil, state.carry == nil else {
            inflation.restsAt = reactor.now &+ configuration.compressionIdle
            return
        }
        inflation.inflater?.rest()
        inflation.restsAt = .max
        counters.inflaters -= 1
    }

    /// The connection is gone.
    mutating func dropInflation(_ id: ConnectionID, _ state: inout ConnectionState) {
        guard let inflation = state.inflation else { return }
        partial.finished(slot: id.slot)
        if inflation.restsAt != .max { counters.inflaters -= 1 }
        state.inflation = nil
    }
}
