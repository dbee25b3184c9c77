import LogPipeline
import Reactor
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

/// Sessions on two loops, whose connections are cut at any moment or taken over, on networks with faults, while batches
/// settle in any order and in part. SLUICE_SEEDS runs more.
///
/// Whatever happens: every log is handed over once, in order; every drop is named before the ack that covers it.
@Suite struct SeededResumeTests {
    private static let paths = ["/logs", "/split", "/logs"]

    @Test(arguments: SeededAckTests.seeds)
    func everyLogIsStoredOnceAndInOrder(seed: UInt64) throws {
        let world = World(seed: seed)
        var random = SeededRandom(seed: seed &+ 99)
        var clients = (0..<3).map { SessionClient(number: $0, path: Self.paths[$0]) }
        for round in 0..<150 {
            let number = random.below(clients.count)
            clients[number].act(world, &random, mayAdd: round < 110)
            if random.chance(5) { world.flusher.setReady(random.chance(60)) }
            if random.chance(40) { world.flusher.settleSome(&random) }
            if random.chance(70) { try world.run() }
            if random.chance(5) { try world.run(seconds: random.below(3)) }
        }
        world.flusher.setReady(true)
        for number in clients.indices { clients[number].calmDown() }
        var rounds = 0
        while clients.contains(where: { !$0.isDone }), rounds < 300 {
            rounds += 1
            for number in clients.indices { clients[number].goOn(world, &random) }
            world.flusher.settleSome(&random)
            if rounds % 10 == 0 { world.flusher.settleAll() }
            try world.run(seconds: rounds % 2)
        }
        world.flusher.settleAll()
        try world.run()
        for client in clients { client.check(world.flusher.records()) }
        // Each log counts once, however often it came.
        let received = world.rigs.reduce(0) { $0 + $1.snapshot.ledger.received.reduce(0, +) }
        #expect(received == UInt64(clients.reduce(0) { $0 + $1.logCount }))
        for rig in world.rigs {
            #expect(rig.snapshot.ledger.isBalanced)
            #expect(rig.snapshot.ledger.inFlight == 0)
            #expect(rig.orphanCount == 0)
        }
    }
}

/// Two loops that share their sessions and their destination.
private final class World {
    let flusher = RecordingFlusher()
    let rigs: [GatewayRig]

    init(seed: UInt64) {
        let (shared, flusher) = (SharedState(), flusher)
        rigs = (0..<2).map { index in
            GatewayRig(
                network: .faulty(seed: seed &* 2 &+ UInt64(index)),
                flusher: flusher,
                routes: GatewayRig.routes + [splitRoute()],
                shared: shared,
                index: index
            ) { $0.compression = DeflateSettings() }
        }
        flusher.start(sinks: rigs.map(\.sink))
        flusher.holdSettlements()
    }

    /// What one loop posts to the other is done in the next round.
    func run(seconds: Int = 0) throws {
        for rig in rigs where seconds > 0 { rig.network.advance(seconds: seconds) }
        for _ in 0..<3 {
            for rig in rigs { try rig.run() }
        }
    }
}

/// Keeps what is not acknowledged and sends it again.
private struct SessionClient {
    let number: Int
    let path: String
    /// The logs of each message, and what is sent of it.
    private var messages: [(logs: [String], bytes: [UInt8])] = []
    /// Messages of which something is dropped in any case.
    private var bad: Set<Int> = []
    private var acked = 0
    private var named: Set<Int> = []
    private var connection: GatewayClient?
    /// Connections that the client has given up without a word.
    private var left: [GatewayClient] = []
    /// The last message that was sent on this connection.
    private var sent = 0
    private var heard = 0
    /// The frame of a message of which only the beginning is sent.
    private var rest: [UInt8]?

    init(number: Int, path: String) { (self.number, self.path) = (number, path) }

    var isDone: Bool { acked == messages.count }
    var logCount: Int { messages.reduce(0) { $0 + $1.logs.count } }

    mutating func act(_ world: World, _ random: inout SeededRandom, mayAdd: Bool) {
        switch random.below(12) {
        case 0:
            connection?.peer.reset()
            connection = nil
        case 1:
            connection?.peer.close()
            connection = nil
        case 2:
            // It comes again before the gateway knows that it is gone.
            if let connection { left.append(connection) }
            connection = nil
        case 3: connection?.peer.stopReading()
        case 4: connection?.peer.resumeReading()
        case 5: if connection?.status == 101, rest == nil { connection?.send("ping") }
        case 6, 7: if mayAdd { add(&random) }
        default: break
        }
        if random.chance(50) { hear() }
        if random.chance(80) { goOn(world, &random) }
        if random.chance(10), !left.isEmpty { left.removeLast().peer.reset() }
    }

    private mutating func add(_ random: inout SeededRandom) {
        for _ in 0..<1 + random.below(8) {
            let message = messages.count + 1
            var logs = (0..<(path == "/split" ? 1 + random.below(5) : 1)).map {
                #"{"timestamp":0,"c":\#(number),"m":\#(message),"l":\#($0),"p":"\#(String(repeating: "p", count: random.below(200)))"}"#
            }
            if random.chance(10) {
                logs[random.below(logs.count)] = random.chance(50) ? "{" : String(repeating: "l", count: 1_001)
                bad.insert(message)
            }
            messages.append((logs, Array(logs.joined(separator: "\n").utf8)))
        }
    }

    mutating func calmDown() { for client in left + [connection].compactMap(\.self) { client.peer.resumeReading() } }

    /// Connects if it has to, and sends some of what is to be sent.
    mutating func goOn(_ world: World, _ random: inout SeededRandom) {
        hear()
        if let connection, connection.peer.sawEnd || connection.peer.sawReset || !connection.peer.isHeld {
            connection.peer.reset()
            self.connection = nil
        }
        guard let connection else {
            self.connection = world.rigs[random.below(2)].acknowledged(
                path,
                session: "s\(number)",
                from: acked + 1,
                compressing: true
            )
            (sent, heard, rest) = (acked, 0, nil)
            return
        }
        guard connection.status == 101 else { return }
        if let rest {
            connection.peer.write(rest)
            self.rest = nil
        }
        for _ in 0..<random.below(6) where sent < messages.count {
            sent += 1
            send(messages[sent - 1].bytes, connection, &random)
            if rest != nil { return }
        }
    }

    private mutating func send(_ bytes: [UInt8], _ client: GatewayClient, _ random: inout SeededRandom) {
        var frame: [UInt8] = []
        switch random.below(4) {
        case 0: frame = GatewayClient.compressedFrame(.text, GatewayClient.deflated(bytes))
        case 1:
            let cut = random.below(bytes.count)
            frame = GatewayClient.frame(.text, Array(bytes[..<cut]), isFinal: false)
            frame += GatewayClient.frame(.continuation, Array(bytes[cut...]))
        default: frame = GatewayClient.frame(.text, bytes)
        }
        let cut = random.chance(20) ? random.below(frame.count) : frame.count
        client.peer.write(frame[..<cut])
        if cut < frame.count { rest = Array(frame[cut...]) }
    }

    private mutating func hear() {
        guard let frames = connection?.frames() else { return }
        for frame in frames.dropFirst(heard) {
            if let message = Self.number(in: frame, behind: #"text:{"drop":{"message":"#) {
                named.insert(message)
                #expect(message <= sent && message > acked)
            } else if let ack = Self.number(in: frame, behind: #"text:{"ack":"#) {
                #expect(ack > acked && ack <= sent)
                for message in acked + 1...max(acked + 1, ack) where bad.contains(message) && message <= ack {
                    #expect(named.contains(message), "an ack of what was dropped and not named")
                }
                acked = max(acked, ack)
            } else if frame.hasPrefix("violation") || frame == "close:1002" {
                Issue.record("\(frame)")
            }
        }
        heard = frames.count
    }

    func check(_ records: [String]) {
        #expect(isDone, "\(acked) of \(messages.count) acknowledged")
        let mine = records.filter { $0.hasPrefix(#"{"timestamp":0,"c":\#(number),"#) }
        let expected = messages.flatMap(\.logs).filter { $0.hasPrefix(#"{"t"#) }
        #expect(mine == expected)
    }

    private static func number(in frame: String, behind prefix: String) -> Int? {
        frame.hasPrefix(prefix) ? Int(frame.dropFirst(prefix.count).prefix { $0.isNumber }) : nil
    }
}
