import LogPipeline
import Reactor
import WebSocketWire

// What is left of a read when its connection has had its share of inflating, or has to read itself.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Keeps what is left of a read for the next tick, or leaves it where it is when it was kept before.
    ///
    /// - Parameters:
    ///   - offset: where the bytes of `piece`, or the next frame, begin.
    ///   - piece: of what is to be inflated; nil: a frame comes next.
    mutating func carry(
        _ bytes: UnsafeRawBufferPointer,
        from offset: Int,
        _ piece: StreamPiece?,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let tick = reactor.counters.ticks
        if let carry = state.carry {
            carry.offset = offset
            carry.piece = piece
            carry.tick = tick
        } else {
            let carry = unsafe Carry(UnsafeRawBufferPointer(rebasing: bytes[offset...]), tick: tick)
            carry.piece = piece
            state.carry = carry
        }
        // Behind drops that nobody reads it may lie for ever: it is bounded by a read, and in nobody's way.
        if piece != nil, let carry = state.carry, carry.reserved == 0 {
            carry.reserved = carry.count
            partial.reserve(carry.count)
        }
        reactor.readAgain(id)
    }

    /// Goes on with what was left of a read.
    mutating func goOn(_ carry: Carry, of id: ConnectionID, _ state: inout ConnectionState) {
        let tick = reactor.counters.ticks
        // The socket may have something to say in the same tick.
        guard carry.tick != tick else { return reactor.readAgain(id) }
        refreshStamp()
        allowance.begin(tick: tick)
        withExtendedLifetime(carry) {
            let bytes = unsafe UnsafeRawBufferPointer(start: carry.base, count: carry.count)
            unsafe goOn(carry, bytes, of: id, &state)
        }
        // It may have been let grow for this alone.
        if state.message == nil, carry.piece == nil { partial.finished(slot: id.slot) }
        guard state.carry === carry, carry.tick != tick else { return }
        dropCarry(&state)
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
            guard unsafe streamed(source, piece, policy(of: state), id, &state), !piece.ends || messageEnded(id) else {
                return unsafe left(bytes.bytes, UnsafeRawPointer(carry.base), carry.offset, id, &state)
            }
        }
        unsafe frames(bytes.bytes, UnsafeRawPointer(carry.base), from: carry.offset, of: id, &state)
    }

    /// It will be a while before this connection is read.
    mutating func yieldRoom(_ id: ConnectionID, _ state: inout ConnectionState) {
        partial.finished(slot: id.slot)
        guard let carry = state.carry else { return }
        partial.release(carry.reserved)
        carry.reserved = 0
    }

    mutating func dropCarry(_ state: inout ConnectionState) {
        guard let carry = state.carry else { return }
        partial.release(carry.reserved)
        state.carry = nil
    }
}
