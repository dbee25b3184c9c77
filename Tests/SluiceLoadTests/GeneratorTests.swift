import Reactor
import Testing

@testable import sluice_load

/// Whole runs against a server on loopback.
@Suite(.timeLimit(.minutes(1)))
struct GeneratorTests {
    /// A run, and what the server heard of it.
    private func run(
        _ manner: LoopServer.Manner,
        _ set: (inout Arguments) -> Void
    ) throws -> (report: Report, heard: [LogForm.Reading]) {
        let server = try LoopServer.start(manner)
        var arguments = Arguments(url: try TargetURL("ws://127.0.0.1:\(server.port)/logs"))
        set(&arguments)
        let addresses = try SocketAddress.resolve(host: "127.0.0.1", port: server.port)
        var generator = try Generator(arguments, addresses: addresses, run: sluiceRun)
        let report = generator.run()
        return (report, server.finish())
    }

    private func all(_ report: Report, _ heard: [LogForm.Reading], connections: Int) -> VerifyFindings {
        var tally = VerifyTally(connections: connections, offsets: [:])
        for (index, reading) in heard.enumerated() {
            tally.add(Sighting(reading: reading, partition: 0, offset: Int64(index), appended: nil))
        }
        let share = report.sent / connections
        let sent = (0..<connections).map { share + ($0 < report.sent % connections ? 1 : 0) }
        return tally.conclude(sent: sent)
    }

    @Test(arguments: [(0, 1, nil), (0, 16, nil), (0, 3, 50), (20_000, 1, nil), (50_000, 5, 64)])
    func everyLogArrivesInOrder(rate: Int, batch: Int, fragment: Int?) throws {
        let (report, heard) = try run(.obedient) {
            $0.connections = 7
            $0.messages = 3_000
            $0.rate = rate
            $0.batch = batch
            $0.fragment = fragment
        }
        #expect(report.isClean)
        #expect(report.sent == 3_000 && report.bytes == 600_000 && report.failed == 0)
        let found = all(report, heard, connections: 7)
        #expect(found.intact == 3_000 && found.damagedCount + found.repeated.count + found.reordered.count == 0)
    }

    @Test func moreConnectionsThanMessagesAndThanOpenAtATimeAllEndWell() throws {
        let (report, heard) = try run(.obedient) {
            $0.connections = 250
            $0.messages = 100
        }
        #expect(report.isClean)
        #expect(all(report, heard, connections: 250).isClean)
    }

    @Test func aDurationEndsARunWithoutABound() throws {
        let (report, heard) = try run(.obedient) {
            $0.connections = 2
            $0.messages = nil
            $0.duration = 1
        }
        #expect(report.isClean && report.planned == nil)
        #expect(heard.count == report.sent && report.sent > 0)
    }

    @Test func aRefusedHandshakeIsAFailure() throws {
        let (report, heard) = try run(.refusing) { $0.connections = 3 }
        #expect(!report.isClean && report.failed == 3 && report.sent == 0 && heard.isEmpty)
        #expect(report.failures.first?.reason == "the handshake was answered with status 503")
    }

    @Test func aServerThatClosesFirstIsAFailure() throws {
        let (report, _) = try run(.closing(after: 10)) {
            $0.connections = 2
            $0.messages = 1_000_000
        }
        #expect(!report.isClean && report.failed == 2)
        #expect(report.failures.first?.reason == "closed by the server, code 1001")
    }

    @Test func aServerThatHangsUpInsteadOfClosingIsAFailure() throws {
        let (report, heard) = try run(.hangingUp) {
            $0.connections = 2
            $0.messages = 100
        }
        #expect(!report.isClean && report.failed == 2 && heard.count == 100)
        #expect(report.failures.first?.reason == "the server hung up without a Close frame")
    }

    @Test(arguments: [0, 1_000_000])
    func aServerThatReadsNothingIsNotWrittenToAndGivenUp(rate: Int) throws {
        let (report, _) = try run(.deaf) {
            $0.connections = 2
            $0.messages = 1_000_000
            $0.rate = rate
            $0.stall = 400_000_000
        }
        #expect(!report.isClean && report.failed == 2)
        #expect(report.failures.first?.reason == "nothing went on")
        // What the sockets of both sides take; everything would be 200 MB.
        #expect(report.bytes < 50_000_000)
    }

    @Test func nobodyThereIsAFailureOfEveryConnection() throws {
        var arguments = Arguments(url: try TargetURL("ws://127.0.0.1:1/"))
        arguments.connections = 3
        let addresses = try SocketAddress.resolve(host: "127.0.0.1", port: 1)
        var generator = try Generator(arguments, addresses: addresses, run: sluiceRun)
        let report = generator.run()
        #expect(!report.isClean && report.failed == 3 && report.sent == 0)
        #expect(report.failures.first?.reason == "cannot connect: Connection refused")
    }
}
