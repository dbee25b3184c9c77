import LogPipeline
import Testing

@testable import Gateway

@Suite struct SessionsTests {
    private func key(_ name: String, identity: String? = nil, route: Int = 0) -> SessionKey {
        SessionKey(identity: identity, route: route, name: name)
    }

    private func seat(_ owner: UInt64, loop: Int = 0) -> SessionSeat { SessionSeat(loop: loop, owner: owner) }

    private func memory(_ end: UInt64, drops: Int = 0) -> SessionMemory {
        let notices = (0..<drops).map {
            DropNotice(message: UInt64($0) + 1, reason: .empty, size: 0, limit: 0, position: 0)
        }
        return SessionMemory(received: 1..<end, logsOfNext: 0, drops: notices)
    }

    private func sessions(_ most: Int = 10) -> Sessions { Sessions(timeout: 100, most: most) }

    @Test func aSessionThatRestsIsTakenUp() {
        var sessions = sessions()
        #expect(sessions.enter(key("a"), seat(1), at: 0) == .begins(nil))
        #expect(sessions.leave(key("a"), seat(1), memory(5), at: 10) == nil)
        #expect(sessions.enter(key("a"), seat(2), at: 20) == .begins(memory(5)))
        #expect(sessions.count == 1)
    }

    @Test func whoComesMeanwhileWaitsAndTheLastOneGetsIt() {
        var sessions = sessions()
        _ = sessions.enter(key("a"), seat(1), at: 0)
        #expect(sessions.enter(key("a"), seat(2), at: 1) == .waits(taken: [seat(1)]))
        #expect(sessions.enter(key("a"), seat(3, loop: 1), at: 2) == .waits(taken: [seat(2)]))
        sessions.giveUp(key("a"), seat(2))
        #expect(sessions.leave(key("a"), seat(2), memory(9), at: 3) == nil)
        #expect(sessions.leave(key("a"), seat(1), memory(5), at: 3) == seat(3, loop: 1))
        #expect(sessions.leave(key("a"), seat(1), memory(9), at: 4) == nil)
        #expect(sessions.leave(key("a"), seat(3, loop: 1), memory(6), at: 5) == nil)
        #expect(sessions.enter(key("a"), seat(4), at: 6) == .begins(memory(6)))
    }

    @Test func whoWaitedAndIsGoneGetsNothing() {
        var sessions = sessions()
        _ = sessions.enter(key("a"), seat(1), at: 0)
        _ = sessions.enter(key("a"), seat(2), at: 0)
        sessions.giveUp(key("a"), seat(2))
        #expect(sessions.leave(key("a"), seat(1), memory(5), at: 0) == nil)
        #expect(sessions.enter(key("a"), seat(3), at: 0) == .begins(memory(5)))
    }

    @Test func thatOfAnotherIdentityOrRouteIsAnotherOne() {
        var sessions = sessions()
        let keys = [key("a"), key("a", identity: "x"), key("a", identity: "y"), key("a", route: 1), key("b")]
        for (number, key) in keys.enumerated() {
            #expect(sessions.enter(key, seat(UInt64(number)), at: 0) == .begins(nil))
        }
        #expect(sessions.count == keys.count)
    }

    @Test func itIsForgottenAfterAWhileWithoutAConnection() {
        var sessions = sessions()
        for name in ["a", "b"] {
            _ = sessions.enter(key(name), seat(1), at: 0)
            _ = sessions.leave(key(name), seat(1), memory(5), at: 10)
        }
        #expect(sessions.enter(key("a"), seat(2), at: 60) == .begins(memory(5)))
        _ = sessions.leave(key("a"), seat(2), memory(7), at: 70)
        sessions.forget(until: 109)
        #expect(sessions.count == 2)
        sessions.forget(until: 110)
        #expect(sessions.count == 1)
        #expect(sessions.enter(key("b"), seat(3), at: 169) == .begins(nil))
        #expect(sessions.enter(key("a"), seat(3), at: 170) == .begins(nil))
        // One with a connection is not forgotten.
        sessions.forget(until: 100_000)
        #expect(sessions.count == 2)
    }

    @Test func aFullTableForgetsTheOldestThatRestsAndElseRefuses() {
        var sessions = sessions(3)
        for (number, name) in ["a", "b", "c"].enumerated() {
            _ = sessions.enter(key(name), seat(UInt64(number)), at: 0)
        }
        #expect(sessions.enter(key("d"), seat(9), at: 1) == .full)
        _ = sessions.leave(key("b"), seat(1), memory(5), at: 2)
        _ = sessions.leave(key("a"), seat(0), memory(5), at: 3)
        #expect(sessions.enter(key("d"), seat(9), at: 4) == .begins(nil))
        #expect(sessions.enter(key("a"), seat(0), at: 5) == .begins(memory(5)))
        #expect(sessions.enter(key("b"), seat(1), at: 6) == .full)
        #expect(sessions.enter(key("c"), seat(5), at: 6) == .waits(taken: [seat(2)]))
        #expect(sessions.count == 3)
    }

    @Test func dropsThatAreRememberedHaveABound() {
        var sessions = Sessions(timeout: 1 << 40, most: 100_000)
        for number in 0..<2_000 {
            let name = key(String(number))
            _ = sessions.enter(name, seat(1), at: 0)
            _ = sessions.leave(name, seat(1), memory(5_000, drops: 1_000), at: UInt64(number))
            #expect(sessions.dropBytes <= Sessions.mostDropBytes)
        }
        #expect(sessions.count < 500)
        #expect(sessions.enter(key("0"), seat(1), at: 3_000) == .begins(nil))
        #expect(sessions.enter(key("1999"), seat(1), at: 3_000) == .begins(memory(5_000, drops: 1_000)))
    }

    @Test func comingAndGoingLeavesNoTraces() {
        var sessions = sessions(1_000)
        for round in 0..<100_000 {
            let name = key(String(round % 7))
            _ = sessions.enter(name, seat(1), at: 0)
            _ = sessions.leave(name, seat(1), memory(5), at: 0)
        }
        #expect(sessions.count == 7)
        #expect(sessions.traces < 200)
    }

    @Test func dropsBeyondTheBoundMakeTheirMessagesUnknown() {
        let notices = (1...3_000).map {
            DropNotice(message: $0, reason: .empty, size: 0, limit: 0, position: 0)
        }
        let memory = SessionMemory(received: 1..<5_000, logsOfNext: 0, drops: notices)
        #expect(memory.dropBytes <= SessionMemory.mostDropBytes)
        let first = memory.drops[0].message
        #expect(memory.received == first..<5_000)
        #expect(!memory.continues(at: first - 1))
        #expect(memory.continues(at: first))
        #expect(memory.continues(at: 5_000))
        #expect(!memory.continues(at: 5_001))
    }
}
