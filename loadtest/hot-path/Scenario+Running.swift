import CMallocCount
import WebSocketWire

extension Scenario {
    /// Does the rounds.
    ///
    /// - Returns: how many logs there were, or connections, and how many allocations in all rounds but the first.
    func run(rounds: Int) throws -> (count: Int, allocations: Int64) {
        var gate = try Gate()
        var scratch = [UInt8](repeating: 0, count: 256 * 1024)
        if batch == 0 { return comeAndGo(rounds, &gate, &scratch) }
        var silent: [Client] = []
        // In waves, or the listener's queue would overflow.
        while silent.count < idle { silent += join(min(idle, 50), &gate, &scratch) }
        let clients = join(connections, &gate, &scratch)

        let frames = logs(batch)
        let before = gate.flusher.records
        for round in 1...rounds {
            if round == 2 { malloc_count_begin() }
            for client in clients { client.write(frames) }
            while gate.flusher.records < before + round * connections * batch { gate.turn() }
            for client in clients { client.drain(&scratch) }
        }
        let allocations = malloc_count_end()
        withExtendedLifetime(silent) {}
        return (gate.flusher.records - before, allocations)
    }

    private func logs(_ count: Int) -> [UInt8] {
        var frames: [UInt8] = []
        for _ in 0..<count { FrameWriter.append(text: Scenario.log, mask: 0x1234_5678, to: &frames) }
        return frames
    }

    /// New connections, each with a log: when that is stored, the upgrade is done.
    private func join(_ count: Int, _ gate: inout Gate, _ scratch: inout [UInt8]) -> [Client] {
        let clients = (0..<count).map { _ in Client(port: gate.port) }
        say(Client.request(path, subprotocol: subprotocol) + logs(1), clients, &gate, &scratch)
        return clients
    }

    /// Every client writes what has one log in it, and hears what comes of it.
    private func say(_ bytes: [UInt8], _ clients: [Client], _ gate: inout Gate, _ scratch: inout [UInt8]) {
        for client in clients { client.write(bytes) }
        let stored = gate.flusher.records + clients.count
        while gate.flusher.records < stored { gate.turn() }
        // Replies go out behind the end of the tick; that the logs are settled wakes the loop again, or it would sleep.
        gate.turn()
        for client in clients {
            client.drain(&scratch)
            precondition(client.received > 0, "nobody answers")
        }
    }

    /// In each round every client connects, upgrades, writes a log, says Close, and hangs up when the gateway has.
    private func comeAndGo(_ rounds: Int, _ gate: inout Gate, _ scratch: inout [UInt8]) -> (Int, Int64) {
        let clients = join(connections, &gate, &scratch)
        var life = Client.request(path, subprotocol: subprotocol) + logs(1)
        FrameWriter.append(close: .normal, mask: 0x1234_5678, to: &life)
        for round in 1...rounds {
            if round == 2 { malloc_count_begin() }
            for client in clients { client.reopen() }
            say(life, clients, &gate, &scratch)
            precondition(clients.allSatisfy(\.isEnded), "the gateway has not closed")
        }
        return (rounds * connections, malloc_count_end())
    }
}
