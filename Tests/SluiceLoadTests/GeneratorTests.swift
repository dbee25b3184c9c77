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
        var run = try LoadRun(RunSetup(arguments, addresses: addresses, run: sluiceRun))
        let report = run.run()
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
            $0.givenBatch = batch
            $0.givenFragment = fragment
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

    @Test func severalLoopsShareARun() throws {
        let (report, heard) = try run(.obedient) {
            $0.connections = 7
            $0.messages = 3_000
            $0.threads = 3
            $0.rate = 30_000
            $0.arrivals = .poisson
            $0.size = .uniform(100...900)
        }
        #expect(report.isClean && report.sent == 3_000)
        #expect(heard.count == 3_000 && heard.allSatisfy { if case .damaged = $0 { true } else { false } } == false)
        #expect(report.outcome.writes.total == 3_000)
        #expect(report.outcome.timeline.slices.reduce(0) { $0 + $1.sent } == 3_000)
    }

    @Test(arguments: [0, 5_000])
    func everyEchoIsARoundTrip(rate: Int) throws {
        let (report, _) = try run(.echoing) {
            $0.profile = .echo
            $0.connections = 3
            $0.messages = 600
            $0.rate = rate
        }
        #expect(report.isClean && report.sent == 600)
        #expect(report.outcome.answered == 600 && report.outcome.replies.total == 600)
        #expect(report.outcome.heard == 600)
    }

    @Test func everyAckIsWaitedFor() throws {
        let (report, heard) = try run(.acknowledging(breaksAfter: nil)) {
            $0.profile = .ack
            $0.connections = 3
            $0.messages = 600
        }
        #expect(report.isClean && report.outcome.answered == 600 && heard.count == 600)
        #expect(report.outcome.reconnects == 0)
    }

    @Test func whatIsNotAcknowledgedIsSentAgain() throws {
        let (report, heard) = try run(.acknowledging(breaksAfter: 150)) {
            $0.profile = .ack
            $0.connections = 2
            $0.messages = 600
            $0.givenReconnect = 1_000_000
        }
        #expect(report.isClean && report.sent == 600 && report.outcome.answered == 600)
        // Each connection breaks once, in the middle of what it has not yet had an ack for.
        #expect(report.outcome.reconnects == 2)
        #expect(!report.outcome.again.isEmpty)
        #expect(
            Set(
                heard.compactMap {
                    if case .intact(let connection, let number) = $0 {
                        LogName(connection: connection, number: number)
                    } else {
                        nil
                    }
                }
            ).count == 600
        )
    }

    @Test func aServerWithoutAcksIsAFailureOfThoseWhoWantThem() throws {
        let (report, _) = try run(.obedient) {
            $0.profile = .ack
            $0.connections = 2
        }
        #expect(!report.isClean && report.failures.first?.reason == "the server does not speak sluice.v1")
    }

    @Test func idleConnectionsAreHeldAndClosed() throws {
        let (report, heard) = try run(.obedient) {
            $0.profile = .idle
            $0.connections = 20
            $0.duration = 1
        }
        #expect(report.isClean && report.sent == 0 && heard.isEmpty)
        #expect(report.outcome.handshakes.total == 20)
    }

    @Test func aSenderThatSaysNoCloseHasSentEverything() throws {
        let (report, heard) = try run(.obedient) {
            $0.profile = .beats
            $0.connections = 3
            $0.messages = 90
            $0.size = .fixed(9_000)
        }
        #expect(report.isClean && report.sent == 90 && heard.count == 90)
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
        var run = try LoadRun(RunSetup(arguments, addresses: addresses, run: sluiceRun))
        let report = run.run()
        #expect(!report.isClean && report.failed == 3 && report.sent == 0)
        #expect(report.failures.first?.reason == "cannot connect: Connection refused")
    }
}
