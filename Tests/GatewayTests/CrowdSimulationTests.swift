import Foundation
import LogPipeline
import Simulation
import Testing

@testable import Gateway
@testable import Reactor

/// The crowd of one loop, from the first to the last connection: what is done for each of them, and that none costs the
/// others anything. Counted, never timed: every figure is exact, and the same on every machine.
///
/// Of each connection a debug build's gateway makes 0.4 ms of work, and its simulation a sixth of that: so that everybody's
/// tests wait ten seconds and no minute, they have a fifth of the hundred thousand that SLUICE_CROWD=100000 asks for.
@Suite struct CrowdSimulationTests {
    static let size = ProcessInfo.processInfo.environment["SLUICE_CROWD"].flatMap(Int.init) ?? 20_000
    /// How many of them talk while the others are silent.
    private static let talkers = 100
    private static let rounds = 3
    private static let roundTime = 22 * second

    /// What must not depend on how many connections there are.
    private struct Figures: Equatable {
        /// What a hundred connections need to come, talk and go.
        var talk = KernelCalls()
        var talkTicks = 0
        /// How often the loop wakes up in each round without a word.
        var idleWaits: [Int] = []
    }

    @Test func whatAHundredNeedIsWhatTheyNeedBesideACrowd() throws {
        let few = try life(of: 200)
        let many = try life(of: Self.size)
        #expect(many == few)
    }

    /// Resident memory is measured by `loadtest/bench`; this is what the code itself takes of it.
    @Test func anIdleConnectionOwnsNothingBesideItsPlaces() throws {
        let world = CrowdWorld(capacity: 1)
        #expect(try world.join(1) { _ in .stays } == 1)
        let connection = try #require(world.anyConnection)
        // The object's header, and what malloc adds.
        let object = (16 + size(connection.id) + size(connection.state) + 8 + 15) / 16 * 16
        let place = MemoryLayout<ConnectionSlot<Socket>>.stride + MemoryLayout<UInt32>.stride
        let entry = MemoryLayout<Connection?>.stride
        // 192 + 68 + 8 bytes; a pointer or two may come to it unasked.
        #expect(object + place + entry <= 288, "\(object) + \(place) + \(entry) bytes")
    }

    private func size<Value>(_ value: Value) -> Int { MemoryLayout<Value>.stride }

    private func life(of size: Int) throws -> Figures {
        let newcomers = size / 20
        let world = CrowdWorld(capacity: size + Self.talkers + newcomers)
        var figures = Figures()
        let start = world.network.now
        try joinAll(world, size)
        let before = world.ticks
        figures.talk = try world.calls { try talk(world, size) }
        figures.talkTicks = world.ticks - before
        figures.idleWaits = try idle(world, size, since: start)
        try leave(world, 0..<size)
        try replace(world, newcomers, after: size + Self.talkers)
        try drain(world, size)
        checkEnd(world, size)
        return figures
    }

    private static func end(of number: Int) -> CrowdMember.End {
        switch number % 20 {
        case 0: .closes
        case 1: .finishes
        case 2: .breaks
        case 3: .violates
        case 4: .dies
        case 5: .lingers
        default: .stays
        }
    }

    private func holdings(_ count: Int) -> CrowdWorld.Holdings {
        CrowdWorld.Holdings(connections: count, places: count, deadlines: count, upgraded: count)
    }

    private func joinAll(_ world: CrowdWorld, _ size: Int) throws {
        let calls = try world.calls {
            let admitted = try world.join(size, Self.end)
            #expect(admitted == size)
        }
        // One of each for a connection, and no word to the poller beyond the first.
        #expect(calls.registrations == size)
        #expect(calls.modifications == 0)
        #expect(calls.reads == size)
        #expect(calls.writes == size)
        #expect(world.holdings == holdings(size))
        #expect(world.owners == 0)
        #expect(world.tableSize == size)
    }

    /// Some more come, write, and go.
    private func talk(_ world: CrowdWorld, _ size: Int) throws {
        let admitted = try world.join(Self.talkers) { _ in .closes }
        #expect(admitted == Self.talkers)
        for _ in 0..<5 {
            for number in size..<size + Self.talkers {
                let logs = world.members[number].log() + world.members[number].log()
                world.members[number].peer.write(logs)
            }
            try world.run(seconds: 1)
        }
        try leave(world, size..<size + Self.talkers)
        #expect(world.holdings == holdings(size))
    }

    /// Nobody has anything to say but that it lives, and now and then a log.
    /// - Returns: how often the loop woke up in each round while nobody said anything.
    private func idle(_ world: CrowdWorld, _ size: Int, since start: UInt64) throws -> [Int] {
        var waits: [Int] = []
        let dying = (0..<size).count(where: { Self.end(of: $0) == .dies })
        for round in 0..<Self.rounds {
            let end = start + UInt64(round + 1) * Self.roundTime
            let silence = try world.calls { try world.run(milliseconds: (end - world.network.now) / millisecond) }
            waits.append(silence.waits)
            // A ping to everybody; in the last round those who never answered are told to go instead.
            #expect(silence.writes == size)
            #expect(silence.reads == 0)
            #expect(silence.modifications == 0)
            #expect(silence.closes == (round == Self.rounds - 1 ? dying : 0))
            let words = try world.calls {
                answer(world, size, round)
                try world.run()
            }
            #expect(words.reads == size - dying)
            #expect(words.writes == 0)
            #expect(words.modifications == 0)
        }
        #expect(world.holdings == holdings(size - dying))
        #expect(world.owners == 0)
        return waits
    }

    private func answer(_ world: CrowdWorld, _ size: Int, _ round: Int) {
        var late = 0
        for number in 0..<size where world.members[number].end != .dies {
            world.members[number].listen()
            if world.members[number].pings != round + 1 { late += 1 }
            let log = number % Self.rounds == round ? world.members[number].log() : []
            world.members[number].peer.write(CrowdMember.pong + log)
        }
        #expect(late == 0)
    }

    /// Those who go of their own accord do, each with a last log.
    private func leave(_ world: CrowdWorld, _ numbers: Range<Int>) throws {
        let leaving = numbers.filter {
            switch world.members[$0].end {
            case .closes, .finishes, .breaks, .violates: true
            case .dies, .stays, .lingers: false
            }
        }
        for number in leaving {
            let log = world.members[number].log()
            let peer = world.members[number].peer
            switch world.members[number].end {
            case .closes: peer.write(log + CrowdMember.close)
            case .violates: peer.write(log + CrowdMember.forbidden)
            default: peer.write(log)
            }
            if case .finishes = world.members[number].end { peer.finish() }
            if case .breaks = world.members[number].end { peer.reset() }
        }
        try world.run()
        var unseen = 0
        for number in leaving {
            world.members[number].listen()
            guard world.members[number].end != .breaks else { continue }
            if !world.members[number].peer.sawEnd { unseen += 1 }
            world.members[number].peer.finish()
        }
        #expect(unseen == 0)
        try world.run(seconds: 1)
    }

    /// Others take the places of those who went.
    private func replace(_ world: CrowdWorld, _ count: Int, after first: Int) throws {
        let before = world.holdings
        let admitted = try world.join(count) { _ in .closes }
        #expect(admitted == count)
        try leave(world, first..<first + count)
        #expect(world.holdings == before)
        #expect(world.tableSize == first)
    }

    /// The gateway ends: so many are told to go at a time, and no more.
    private func drain(_ world: CrowdWorld, _ size: Int) throws {
        var left = (0..<size).filter { [.stays, .lingers].contains(Self.end(of: $0)) }
        // All within a third of 20 s, every 50 ms.
        let slice = max(10, (left.count + 132) / 133)
        let done = world.drain(seconds: 20)
        var wrong = 0
        try world.run()
        while !left.isEmpty {
            // The table's last come first, and nobody has moved in it.
            let told = left.suffix(slice)
            left.removeLast(told.count)
            for number in told {
                world.members[number].listen()
                if world.members[number].closeCode == nil { wrong += 1 }
                guard case .stays = world.members[number].end else { continue }
                let log = world.members[number].log()
                world.members[number].peer.write(log + CrowdMember.close)
                world.members[number].peer.finish()
            }
            let next = try world.calls { try world.run(milliseconds: 50) }
            if next.writes != min(slice, left.count) { wrong += 1 }
        }
        #expect(wrong == 0)
        #expect(!done.isSet)
        // 5 s to answer, 2 s to go, and as long as a deadline may be late for each.
        try world.run(seconds: 10)
        #expect(done.isSet)
    }

    private func checkEnd(_ world: CrowdWorld, _ size: Int) {
        for number in world.members.indices { world.members[number].listen() }
        let members = world.members
        #expect(world.holdings == CrowdWorld.Holdings())
        #expect(world.network.openConnections == 0)
        // All but the listener.
        #expect(world.network.calls.closes == world.network.calls.registrations - 1)
        let (snapshot, logs) = (world.snapshot, members.reduce(0) { $0 + $1.sent })
        #expect(snapshot.ledger.isBalanced)
        #expect(snapshot.ledger.received == [UInt64(logs)])
        #expect(snapshot.ledger.delivered == [UInt64(logs)])
        #expect(snapshot.accepted == UInt64(members.count))
        #expect(snapshot.refused.allSatisfy { $0 == 0 })
        #expect(snapshot.resets == UInt64(members.count(where: { $0.end == .breaks })))
        #expect(world.flusher.mistakes == 0)
        #expect(world.flusher.logs == members.map(\.sent))
        #expect(members.allSatisfy { $0.surprises == 0 })
        for end in CrowdMember.End.allCases {
            let code: Int? =
                switch end {
                case .closes: 1000
                case .finishes, .breaks: nil
                case .violates: 1002
                case .dies, .stays, .lingers: 1001
                }
            #expect(members.allSatisfy { $0.end != end || $0.closeCode == code }, "\(end)")
        }
        let pings = members.filter { $0.number < size && $0.pings != ($0.end == .dies ? Self.rounds - 1 : Self.rounds) }
        #expect(pings.isEmpty)
    }
}
