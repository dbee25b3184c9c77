import Testing

@testable import Gateway

private let s: UInt64 = 1_000_000_000

@Suite struct KeepAliveTests {
    @Test func pingsWhenNothingWasSentForTheInterval() {
        var clock = KeepAlive(now: 0)
        clock.heard(at: 19 * s)
        #expect(clock.due(at: 19 * s, pingInterval: 20 * s, idleTimeout: 90 * s) == (.none, 20 * s))
        #expect(clock.due(at: 20 * s, pingInterval: 20 * s, idleTimeout: 90 * s) == (.ping, 20 * s))
    }

    @Test func pingsWhenNothingWasHeardThoughMuchWasSent() {
        var clock = KeepAlive(now: 0)
        clock.sent(at: 19 * s)
        #expect(clock.due(at: 20 * s, pingInterval: 20 * s, idleTimeout: 90 * s).action == .ping)
    }

    @Test func neverPingsMoreOftenThanTheInterval() {
        var clock = KeepAlive(now: 0)
        #expect(clock.due(at: 20 * s, pingInterval: 20 * s, idleTimeout: 90 * s).action == .ping)
        clock.pinged(at: 20 * s)
        #expect(clock.due(at: 21 * s, pingInterval: 20 * s, idleTimeout: 90 * s).action == .none)
        #expect(clock.due(at: 40 * s, pingInterval: 20 * s, idleTimeout: 90 * s).action == .ping)
    }

    @Test func anIntervalOfZeroSendsNoPingAndStillEndsSilence() {
        let clock = KeepAlive(now: 0)
        #expect(clock.due(at: 89 * s, pingInterval: 0, idleTimeout: 90 * s) == (.none, 90 * s))
        // What is due stays due until it is done: whoever only asks for the time must not swallow it.
        #expect(clock.due(at: 90 * s, pingInterval: 0, idleTimeout: 90 * s) == (.end, 90 * s))
    }

    @Test func anyByteProvesLife() {
        var clock = KeepAlive(now: 0)
        clock.heard(at: 80 * s)
        #expect(clock.due(at: 169 * s, pingInterval: 0, idleTimeout: 90 * s).action == .none)
        #expect(clock.due(at: 170 * s, pingInterval: 0, idleTimeout: 90 * s).action == .end)
    }

    @Test func theSilenceClockStandsStillWhileNothingIsRead() {
        var clock = KeepAlive(now: 0)
        clock.heard(at: 10 * s)
        clock.paused(at: 20 * s)
        #expect(clock.due(at: 1_000 * s, pingInterval: 0, idleTimeout: 90 * s).action == .none)
        #expect(clock.due(at: 1_000 * s, pingInterval: 20 * s, idleTimeout: 90 * s).action == .ping)
        #expect({ clock.resumed(at: 1_020 * s) == 1_000 * s }())
        #expect(clock.due(at: 1_099 * s, pingInterval: 0, idleTimeout: 90 * s).action == .none)
        #expect(clock.due(at: 1_100 * s, pingInterval: 0, idleTimeout: 90 * s).action == .end)
    }
}
