import CLinux
import Reactor

extension SimulatedNetwork {
    /// recv(2): what came before an error or the end comes before it.
    func takeInbound(_ socket: SimulatedSocket, atMost limit: Int, _ body: (ArraySlice<UInt8>) -> Void) -> IOResult {
        calls.reads += 1
        guard socket.isOpen else {
            violate("read from a closed descriptor")
            return .end
        }
        if random.chance(faults.spuriousWouldBlock) { return .wouldBlock }
        if !socket.inbound.isEmpty {
            var count = min(limit, socket.inbound.count)
            if random.chance(faults.shortReads) { count = 1 + random.below(count) }
            body(socket.inbound.take(count))
            stir(socket)
            noteProgress()
            return .bytes(count)
        }
        if let error = socket.pendingError {
            socket.pendingError = nil
            noteProgress()
            return .failed(error)
        }
        if socket.finishArrived || socket.resetArrived {
            noteProgress()
            return .end
        }
        return .wouldBlock
    }

    /// sendmsg(2).
    func addOutbound(_ socket: SimulatedSocket, _ vectors: UnsafeBufferPointer<iovec>) -> IOResult {
        calls.writes += 1
        guard socket.isOpen, !socket.writeShut else {
            violate("wrote after closing")
            return .failed(.brokenPipe)
        }
        if vectors.count > 1024 { violate("more vectors than IOV_MAX") }
        if let error = socket.pendingError {
            socket.pendingError = nil
            return .failed(error)
        }
        if socket.resetArrived { return .failed(.brokenPipe) }
        if random.chance(faults.spuriousWouldBlock) { return .wouldBlock }
        var room = faults.sendBuffer - socket.outbound.count
        let total = vectors.reduce(0) { $0 + $1.iov_len }
        guard room > 0, total > 0 else { return .wouldBlock }
        room = min(room, total)
        if random.chance(faults.shortWrites) { room = 1 + random.below(room) }
        var left = room
        for vector in vectors where left > 0 {
            let bytes = UnsafeRawBufferPointer(start: vector.iov_base, count: min(left, vector.iov_len))
            socket.outbound.append(bytes)
            left -= bytes.count
        }
        stir(socket)
        noteProgress()
        return .bytes(room)
    }
}
