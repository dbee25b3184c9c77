import Simulation
import Testing

@testable import Gateway
@testable import LogPipeline

/// One client and its session, as values: messages of several logs, cuts within them, takeovers, drops, settlements in any
/// order, words that are lost with their connection. Every log is produced once, in order, and what was dropped is named
/// before it is acknowledged.
@Suite struct SessionModelTests {
    private enum Word {
        case drop(Int)
        case ack(Int)
    }

    private struct Line {
        var numbering: Numbering?
        let from: Int
        var isOver = false
        var told = 0
        /// Messages sent whole.
        var sent: Int
        /// Logs sent of the next one.
        var logs = 0
        var words: [Word] = []
    }

    private struct World {
        let sizes: [Int]
        let key = SessionKey(identity: nil, route: 0, name: "a")
        var random: SeededRandom
        var sessions = Sessions(timeout: 1 << 60, most: 1)
        /// By owner.
        var lines: [Line] = []
        var inFlight: [ReceiptKey] = []
        var produced: [[Int]] = []
        var dropped: Set<Int> = []
        var counted = 0
        // The client.
        var acked = 0
        var named: Set<Int> = []

        private func seat(_ owner: Int) -> SessionSeat { SessionSeat(loop: 0, owner: UInt64(owner)) }

        mutating func connect() {
            let owner = lines.count
            lines.append(Line(from: acked + 1, sent: acked))
            switch sessions.enter(key, seat(owner), at: 0) {
            case .begins(let memory): begin(owner, memory)
            case .waits(let taken): for seat in taken { end(Int(seat.owner)) }
            case .full: Issue.record("there is one session only")
            }
        }

        private mutating func begin(_ owner: Int, _ memory: SessionMemory?) {
            let first = UInt64(lines[owner].from)
            lines[owner].numbering = Numbering(isSplit: true, first: first, memory: memory, lane: nil)
            lines[owner].told = lines[owner].from - 1
        }

        mutating func end(_ owner: Int) {
            guard !lines[owner].isOver else { return }
            lines[owner].isOver = true
            if lines[owner].numbering == nil { sessions.giveUp(key, seat(owner)) } else { letGo(owner) }
        }

        private mutating func letGo(_ owner: Int) {
            guard lines[owner].isOver, let numbering = lines[owner].numbering, numbering.isAtRest,
                let memory = numbering.memory
            else { return }
            guard let next = sessions.leave(key, seat(owner), memory, at: 0) else { return }
            begin(Int(next.owner), memory)
        }

        /// A log, of which every seventh is none.
        mutating func receive() {
            let owner = lines.count - 1
            guard owner >= 0, !lines[owner].isOver, lines[owner].numbering != nil, lines[owner].sent < sizes.count
            else { return }
            let (message, log) = (lines[owner].sent + 1, lines[owner].logs)
            if !lines[owner].numbering!.passes(size: 1) {
                counted += 1
                if (message + log) % 7 == 0 {
                    lines[owner].numbering!.dropped(.empty, size: 1, limit: 0)
                    dropped.insert(message)
                } else {
                    inFlight.append(lines[owner].numbering!.receipt(owner: UInt64(owner)))
                    lines[owner].numbering!.committed()
                    produced.append([message, log])
                }
            }
            lines[owner].logs += 1
            guard lines[owner].logs == sizes[message - 1] else { return }
            lines[owner].numbering!.ended()
            lines[owner].sent += 1
            lines[owner].logs = 0
        }

        mutating func settle() {
            guard !inFlight.isEmpty else { return }
            let log = inFlight.remove(at: random.below(inFlight.count))
            let owner = Int(log.owner)
            if random.chance(10) {
                lines[owner].numbering!.droppedLate(log, .recordRefused, size: 1)
                dropped.insert(Int(log.number))
            }
            lines[owner].numbering!.settled(Receipt(log, record: 0))
            letGo(owner)
        }

        mutating func speak() {
            let owner = lines.count - 1
            guard owner >= 0, !lines[owner].isOver, let numbering = lines[owner].numbering else { return }
            let count = random.below(numbering.unsaid.count + 1)
            lines[owner].words += numbering.unsaid[..<count].map { .drop(Int($0.message)) }
            lines[owner].numbering!.said(count)
            let settled = Int(numbering.settledThrough)
            guard count == numbering.unsaid.count, settled > lines[owner].told else { return }
            lines[owner].words.append(.ack(settled))
            lines[owner].told = settled
        }

        mutating func hear() {
            let owner = lines.count - 1
            guard owner >= 0, !lines[owner].words.isEmpty else { return }
            switch lines[owner].words.removeFirst() {
            case .drop(let message): named.insert(message)
            case .ack(let number):
                #expect(number > acked && number <= lines[owner].sent)
                acked = max(acked, number)
                #expect(dropped.filter { $0 <= number }.isSubset(of: named))
            }
        }
    }

    @Test(arguments: SeededAckTests.seeds)
    func everyLogIsProducedOnceAndInOrder(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sizes = (0..<200).map { _ in 1 + random.below(4) }
        var world = World(sizes: sizes, random: random)
        var steps = 0
        while world.acked < sizes.count, steps < 200_000 {
            steps += 1
            if world.lines.last?.isOver ?? true { world.connect() }
            switch world.random.below(100) {
            case 0: world.end(world.lines.count - 1)
            case 1: world.connect()
            case 2..<45: world.receive()
            case 45..<70: world.settle()
            case 70..<85: world.speak()
            default: world.hear()
            }
        }
        #expect(world.acked == sizes.count)
        #expect(world.counted == sizes.reduce(0, +))
        let all = sizes.enumerated().flatMap { index, size in (0..<size).map { [index + 1, $0] } }
        #expect(world.produced == all.filter { ($0[0] + $0[1]) % 7 > 0 })
    }
}
