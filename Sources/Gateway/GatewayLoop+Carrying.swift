import LogPipeline
import Reactor
import WebSocketWire

// What is left of a read when its connection has had its share of inflating.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Keeps what is left of a read for the next tick, or leaves it where it is when it was kept before.
    ///
    /// - Parameters:
    ///   - offset: where the bytes of `piece` begin.
    mutating func carry(
        _ bytes: UnsafeRawBufferPointer,
        from offset: Int,
        _ piece: StreamPiece,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard let inflation = state.inflation else { return }
        let tick = reactor.counters.ticks
        if let carry = inflation.carry {
            carry.offset = offset
            carry.piece = piece
            carry.tick = tick
        } else {
            let carry = unsafe Carry(UnsafeRawBufferPointer(rebasing: bytes[offset...]), tick: tick)
            carry.piece = piece
            partial.reserve(carry.count)
            inflation.carry = carry
        }
        reactor.readAgain(id)
    }

    /// Goes on with what was left of a read.
    mutating func goOn(_ carry: Carry, of id: ConnectionID, _ state: inout ConnectionState) {
        // The socket may have something to say in the same tick.
        guard carry.tick != reactor.counters.ticks else { return reactor.readAgain(id) }
        refreshStamp()
        allowance.begin(tick: reactor.counters.ticks)
        withExtendedLifetime(carry) {
            let bytes = unsafe UnsafeRawBufferPointer(start: carry.base, count: carry.count)
            unsafe goOn(carry, bytes, of: id, &state)
        }
        guard let inflation = state.inflation, inflation.carry === carry, carry.piece == nil else { return }
        dropCarry(inflation)
    }

    private mutating func goOn(
        _ carry: Carry,
        _ bytes: UnsafeRawBufferPointer,
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        if let piece = carry.piece {
            carry.piece = nil
            let source = unsafe UnsafeRawPointer(carry.base + carry.offset)
            carry.offset += piece.count
            guard unsafe streamed(source, piece, policy(of: state), id, &state) else {
                guard let rest = unfinished else { return }
                unfinished = nil
                return unsafe self.carry(bytes, from: carry.offset - rest.count, rest, id, &state)
            }
            if piece.ends, isNumbering { numbering.ended() }
        }
        unsafe frames(bytes.bytes, UnsafeRawPointer(carry.base), from: carry.offset, of: id, &state)
    }

    mutating func dropCarry(_ inflation: Inflation) {
        guard let carry = inflation.carry else { return }
        partial.release(carry.count)
        inflation.carry = nil
    }
}
