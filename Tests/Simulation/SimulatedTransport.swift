package import CLinux
package import Reactor

/// A stream of a simulated network, before a loop has adopted it.
///
/// `@unchecked Sendable`: a simulation runs on one thread.
package struct SimulatedEndpoint: ReactorEndpoint, @unchecked Sendable {
    let network: SimulatedNetwork
    let socket: SimulatedSocket

    package func close() { network.close(socket) }
}

/// The loop's side of a simulated connection.
package struct SimulatedTransport: Transport, ~Copyable {
    private let network: SimulatedNetwork
    private let socket: SimulatedSocket

    package init(_ endpoint: SimulatedEndpoint) {
        network = endpoint.network
        socket = endpoint.socket
    }

    deinit { network.close(socket) }

    package var descriptor: Int32 { socket.descriptor }
    /// getpeername knows nobody behind a reset.
    package var peer: PeerAddress? {
        if socket.resetArrived { return nil }
        return socket.peerAddress ?? PeerAddress(description: "simulated:\(socket.descriptor)")
    }

    package mutating func receive(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
        network.takeInbound(socket, atMost: buffer.count) { bytes in
            buffer.copyBytes(from: bytes)
        }
    }

    package mutating func discard(upTo count: Int) -> IOResult {
        network.takeInbound(socket, atMost: min(count, 64 * 1024)) { _ in }
    }

    package mutating func send(_ vectors: UnsafeBufferPointer<iovec>) -> IOResult {
        network.addOutbound(socket, vectors)
    }

    package mutating func shutdownWrite() {
        socket.writeShut = true
        network.stir(socket)
        network.noteProgress()
    }

    package mutating func reset() { socket.resetsOnClose = true }

    package mutating func finishConnect() -> Errno? {
        network.noteProgress()
        if case .failed(let error) = socket.connecting { return error }
        return nil
    }
}
