import Reactor

/// What the kernel knows about one connection: the loop's side of it, and what the peer sees.
final class SimulatedSocket {
    /// What a poller was told about the descriptor.
    struct Registration {
        var interest: Interest
        let token: UInt64
        /// A one-shot that has fired.
        var isSilent = false
    }

    enum Connecting {
        case done
        case pending
        case failed(Errno)
    }

    weak let network: SimulatedNetwork?
    var descriptor: Int32 = -1
    var peerAddress: PeerAddress?
    var registration: Registration?
    /// Whether the loop's side owns it.
    var isOpen = false
    var connecting = Connecting.done

    /// From the peer: written, and arrived.
    var sentByPeer = ByteQueue()
    var inbound = ByteQueue()
    var peerFinished = false
    var finishArrived = false
    var peerReset = false
    var resetArrived = false
    var pendingError: Errno?

    /// From the loop: taken by the kernel, and arrived at the peer.
    var outbound = ByteQueue()
    var atPeer: [UInt8] = []
    var writeShut = false
    var endAtPeer = false
    var resetAtPeer = false
    var resetsOnClose = false
    /// A peer that does not read leaves bytes in `outbound` once this many wait for it.
    var peerWindow = Int.max

    /// Whether it is among the network's `moving` and `watched`...
    var isMoving = false
    var isWatched = false
    /// ...and whether it never will be again: both sides are done with it.
    var isOver = false

    init(network: SimulatedNetwork) { self.network = network }

    /// The peer has done something.
    func stir() { network?.stir(self) }

    /// Whether `deliver` may have something to do without anybody's doing anything before.
    func isUnderWay(receiveWindow: Int) -> Bool {
        if outbound.isEmpty {
            if writeShut || !isOpen, descriptor >= 0, !endAtPeer, !resetAtPeer { return true }
        } else if atPeer.count < peerWindow {
            return true
        }
        if !sentByPeer.isEmpty { return !isOpen || inbound.count < receiveWindow }
        return peerReset && !resetArrived || peerFinished && !finishArrived
    }

    /// What is true of the socket now, whatever was asked for.
    func readiness(sendBuffer: Int) -> Interest {
        switch connecting {
        case .pending: return []
        case .failed: return [.writing, .error, .hangUp]
        case .done: break
        }
        var ready: Interest = []
        if !inbound.isEmpty || finishArrived || resetArrived { ready.insert(.reading) }
        if finishArrived || resetArrived { ready.insert(.peerEnd) }
        if resetArrived || (finishArrived && writeShut) { ready.insert(.hangUp) }
        if pendingError != nil { ready.insert(.error) }
        if resetArrived || outbound.count < sendBuffer { ready.insert(.writing) }
        return ready
    }

    /// What the poller reports, a one-shot being used up by it.
    func report(sendBuffer: Int) -> ReadyEvent? {
        guard let registration, !registration.isSilent else { return nil }
        let asked = registration.interest.union([.error, .hangUp])
        let reported = readiness(sendBuffer: sendBuffer).intersection(asked)
        guard !reported.isEmpty else { return nil }
        if registration.interest.contains(.once) { self.registration?.isSilent = true }
        return ReadyEvent(token: registration.token, readiness: reported)
    }

    /// Moves what is on its way, in both directions.
    /// - Returns: whether anything moved.
    func deliver(_ random: inout SeededRandom, _ faults: Faults) -> Bool {
        let moved = deliverToLoop(&random, faults)
        return deliverToPeer(&random, faults) || moved
    }

    private func deliverToLoop(_ random: inout SeededRandom, _ faults: Faults) -> Bool {
        let room = isOpen ? faults.receiveWindow - inbound.count : Int.max
        if !sentByPeer.isEmpty {
            let count = Self.part(of: min(sentByPeer.count, room), &random, faults)
            guard count > 0 else { return false }
            let bytes = sentByPeer.take(count)
            // Nobody is there any more: the kernel answers with RST, and forgets what it still had to send.
            if isOpen { inbound.append(bytes) } else { breakForPeer() }
            return true
        }
        if peerReset, !resetArrived {
            resetArrived = true
            pendingError = .connectionReset
            outbound.removeAll()
            return true
        }
        if peerFinished, !finishArrived, !random.chance(faults.slowDelivery) {
            finishArrived = true
            return true
        }
        return false
    }

    private func deliverToPeer(_ random: inout SeededRandom, _ faults: Faults) -> Bool {
        if !outbound.isEmpty {
            let room = peerWindow == .max ? Int.max : max(0, peerWindow - atPeer.count)
            let count = Self.part(of: min(outbound.count, room), &random, faults)
            atPeer += outbound.take(count)
            return count > 0
        }
        if writeShut || !isOpen, descriptor >= 0, !endAtPeer, !resetAtPeer {
            endAtPeer = true
            return true
        }
        return false
    }

    /// The peer gets RST.
    func breakForPeer() {
        outbound.removeAll()
        sentByPeer.removeAll()
        resetAtPeer = true
    }

    private static func part(of count: Int, _ random: inout SeededRandom, _ faults: Faults) -> Int {
        guard count > 0, random.chance(faults.slowDelivery) else { return count }
        return random.below(count + 1)
    }
}
