import Reactor

// Which sockets a round looks at. With a hundred thousand of them only those to which something has happened, each once,
// so that a wait takes as long as what it brings.
extension SimulatedNetwork {
    /// Something was done to a socket: its bytes may move, and the poller may have something to say of it.
    func stir(_ socket: SimulatedSocket) {
        guard socket.descriptor >= 0, !socket.isOver else { return }
        if !socket.isMoving {
            socket.isMoving = true
            moving.append(socket)
        }
        watch(socket)
    }

    private func watch(_ socket: SimulatedSocket) {
        guard socket.isOpen, !socket.isWatched else { return }
        socket.isWatched = true
        watched.append(socket)
    }

    /// Other windows and buffers: all of them may go on.
    func stirAll() {
        for socket in sockets.values.sorted(by: { $0.descriptor < $1.descriptor }) { stir(socket) }
    }

    /// Moves what is on its way.
    /// - Returns: whether anything moved.
    func deliver() -> Bool {
        var moved = false
        var kept = 0
        for place in moving.indices {
            let socket = moving[place]
            if case .pending = socket.connecting {
                socket.connecting = refusesConnections ? .failed(.connectionRefused) : .done
                moved = true
                watch(socket)
            }
            if socket.deliver(&random, faults) {
                moved = true
                watch(socket)
            }
            if socket.isUnderWay(receiveWindow: faults.receiveWindow) {
                moving[kept] = socket
                kept += 1
            } else {
                socket.isMoving = false
                socket.isOver = !socket.isOpen && (socket.endAtPeer || socket.resetAtPeer) && socket.sentByPeer.isEmpty
            }
        }
        moving.removeLast(moving.count - kept)
        return moved
    }

    /// What a wait brings: of the sockets that have something to say as many as fit, drawn by the seed.
    func collect() -> [ReadyEvent] {
        var events: [ReadyEvent] = []
        if waker.isSignalled { events.append(ReadyEvent(token: SimulatedPoller.wakeToken, readiness: .reading)) }
        for listener in listeners.keys.sorted() {
            guard let entry = listeners[listener], let registration = entry.registration, !entry.queue.isEmpty else {
                continue
            }
            events.append(ReadyEvent(token: registration.token, readiness: .reading))
        }
        var place = 0
        while place < watched.count, events.count < faults.eventLimit {
            watched.swapAt(place, place + random.below(watched.count - place))
            let socket = watched[place]
            if let event = socket.report(sendBuffer: faults.sendBuffer) {
                events.append(event)
                place += 1
            } else {
                socket.isWatched = false
                watched.swapAt(place, watched.count - 1)
                watched.removeLast()
            }
        }
        if !events.isEmpty, random.chance(faults.staleEvents), let token = endedTokens.randomElement(using: &random) {
            let readiness = Interest(rawValue: UInt32(truncatingIfNeeded: random.next()) & 0x201D)
            events.insert(ReadyEvent(token: token, readiness: readiness), at: random.below(events.count + 1))
        }
        return events
    }
}
