import Reactor

/// The other side of a simulated connection: the client of a gateway, in a test's hands.
package struct SimulatedPeer {
    let socket: SimulatedSocket

    /// Sends bytes; they arrive while the network runs.
    package func write(_ bytes: some Sequence<UInt8>) {
        precondition(!socket.peerFinished && !socket.peerReset, "the peer has finished writing")
        if !socket.resetAtPeer { socket.sentByPeer.append(bytes) }
        socket.stir()
    }

    package func write(_ text: String) { write(text.utf8) }

    /// Sends FIN after what was written; it goes on reading.
    package func finish() {
        socket.peerFinished = true
        socket.stir()
    }

    /// Sends RST after what was written.
    package func reset() {
        socket.peerReset = true
        socket.stir()
    }

    /// close(2): RST if something is unread, else FIN.
    package func close() {
        if socket.atPeer.isEmpty { finish() } else { reset() }
    }

    /// Takes what has arrived.
    package func read() -> [UInt8] {
        defer {
            socket.atPeer = []
            socket.stir()
        }
        return socket.atPeer
    }

    /// What has arrived and was not taken.
    package var received: [UInt8] { socket.atPeer }

    /// Stops reading: once `window` bytes have arrived, the rest stays with the sender.
    package func stopReading(window: Int = 0) {
        socket.peerWindow = window
        socket.stir()
    }

    /// Reads everything again.
    package func resumeReading() {
        socket.peerWindow = .max
        socket.stir()
    }

    /// Whether the loop's FIN has arrived, after all that it had sent.
    package var sawEnd: Bool { socket.endAtPeer }

    /// Whether the loop's side broke the connection: what had not arrived never will.
    package var sawReset: Bool { socket.resetAtPeer }

    /// Whether the loop's side still holds the connection, or has yet to accept it.
    package var isHeld: Bool { socket.isOpen || socket.descriptor < 0 }
}
