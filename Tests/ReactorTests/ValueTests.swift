import CLinux
import Testing

@testable import Reactor

/// The parts that decide, without anything that acts.
@Suite struct ValueTests {
    // MARK: ConnectionState

    @Test func masksFollowTheState() {
        var state = ConnectionState(phase: .connecting)
        #expect(state.wanted == .writing)
        state.phase = .open
        #expect(state.wanted == .reading)
        state.facts.insert(.hasOutput)
        #expect(state.wanted == [.reading, .writing])
        state.facts.insert(.paused)
        #expect(state.wanted == [.peerEnd, .once, .writing])
        state.facts.remove(.hasOutput)
        #expect(state.wanted == .paused)
        state.facts.insert(.peerGone)
        #expect(state.wanted == nil)
        state.facts.insert(.hasOutput)
        #expect(state.wanted == [.writing, .once])
        state.facts = .readEnded
        #expect(state.wanted == [])
        state.facts = [.readEnded, .hasOutput]
        #expect(state.wanted == .writing)
        state.phase = .flushing
        state.facts = .hasOutput
        #expect(state.wanted == [.reading, .writing])
        state.phase = .draining
        state.facts = []
        #expect(state.wanted == .reading)
    }

    @Test func noMaskOfAPausedConnectionIsLevelTriggered() {
        for raw in UInt16(0)..<1024 {
            let facts = ConnectionState.Facts(rawValue: raw).union(.paused).subtracting(.readEnded)
            let state = ConnectionState(phase: .open, facts: facts)
            #expect(state.wanted?.contains(.once) ?? true)
        }
    }

    @Test func errorsAreReadBeforeTheyAreBelieved() {
        var state = ConnectionState(phase: .open, armed: .reading)
        #expect(state.ready([.reading, .error, .hangUp, .peerEnd]) == .read)
        #expect(state.ready(.hangUp) == .read)
        state.facts = .readEnded
        #expect(state.ready(.hangUp) == .end)
        #expect(state.ready(.writing) == .flush)
    }

    @Test func aFiredOneShotDropsOutputOnlyIfNobodyIsThere() {
        var finished = ConnectionState(phase: .open, facts: [.paused, .hasOutput], armed: [.peerEnd, .once, .writing])
        #expect(finished.ready([.peerEnd, .writing]) == .flush)
        #expect(finished.facts.contains(.peerGone))
        #expect(finished.armed == [])
        var broken = ConnectionState(phase: .open, facts: [.paused, .hasOutput], armed: .paused)
        #expect(broken.ready([.peerEnd, .error, .hangUp]) == .dropOutput)
        #expect(broken.facts.isSuperset(of: [.peerGone, .outputDead]))
    }

    @Test func anEventOlderThanAPauseIsLeftForTheNextPoll() {
        var state = ConnectionState(phase: .open, facts: .paused, armed: .reading)
        #expect(state.ready([.reading, .error, .hangUp]) == [])
        #expect(!state.facts.contains(.peerGone))
    }

    @Test func pausedAgainBehindItsPeersEndItFallsSilentAgain() {
        var state = ConnectionState(phase: .open, facts: [.paused, .peerGone])
        #expect(state.wanted == nil)
        // Read again and paused at once: the poller goes on reporting the end.
        state.armed = .reading
        #expect(state.wanted == .paused)
        state.armed = .paused
        #expect(state.ready([.peerEnd, .error, .hangUp]) == .dropOutput)
        #expect(state.wanted == nil)
    }

    @Test func closingGoesThroughItsSteps() {
        var state = ConnectionState(phase: .open, facts: .hasOutput)
        #expect(state.beginClosing() == .wait)
        #expect(state.phase == .flushing)
        #expect(state.ready(.writing) == .flush)
        #expect(state.ready(.reading) == .discard)
        state.facts.remove(.hasOutput)
        #expect(state.outputFlushed() == .shutdownWrite)
        #expect(state.phase == .draining)
        #expect(state.ready([.reading, .hangUp]) == .discard)
        #expect(state.inputEnded() == .end)
        #expect(state.cause == .finished)
    }

    @Test func closingAfterThePeersEndNeedsNoDraining() {
        var state = ConnectionState(phase: .open, facts: .readEnded)
        #expect(state.beginClosing() == .shutdownAndEnd)
        var late = ConnectionState(phase: .open, facts: .hasOutput)
        #expect(late.beginClosing() == .wait)
        #expect(late.inputEnded() == .wait)
        #expect(late.outputFlushed() == .shutdownAndEnd)
    }

    @Test func closingWithoutAReaderEndsAtOnce() {
        var state = ConnectionState(phase: .open)
        #expect(state.outputFailed(.brokenPipe) == .wait)
        #expect(state.beginClosing() == .end)
        #expect(state.cause == .reset)
        var flushing = ConnectionState(phase: .flushing, facts: .hasOutput)
        #expect(flushing.outputFailed(Errno(code: 110)) == .end)
        #expect(flushing.cause == .failed(Errno(code: 110)))
        var connecting = ConnectionState(phase: .connecting)
        #expect(connecting.beginClosing() == .end)
    }

    // MARK: Time

    @Test func deadlinesAreNeverEarly() {
        let clock = DeadlineClock(origin: 1000)
        #expect(clock.tick(at: .max) == DeadlineClock.never)
        #expect(clock.tick(at: 0) == 0)
        #expect(clock.tick(at: 1000) == 0)
        #expect(clock.tick(at: 1001) == 1)
        #expect(clock.tick(at: 1000 + DeadlineClock.tickLength) == 1)
        #expect(clock.tick(at: 1001 + DeadlineClock.tickLength) == 2)
        #expect(clock.tick(at: .max - 1) < DeadlineClock.never)
        #expect(clock.current(at: 999 + DeadlineClock.tickLength) == 0)
        #expect(clock.current(at: 1000 + DeadlineClock.tickLength) == 1)
    }

    @Test func everySliceIsLookedAtOnceASecond() {
        var clock = DeadlineClock(origin: 0)
        var seen: [Int] = []
        for step in 1...8 where clock.beginScan(at: UInt64(step) * DeadlineClock.tickLength) {
            seen.append(clock.slice)
        }
        #expect(seen.sorted() == Array(0..<8))
        #expect(clock.beginScan(at: 8 * DeadlineClock.tickLength + 1) == false)
        #expect(clock.beginScan(at: 100 * DeadlineClock.tickLength + 5) == true)
        #expect(clock.nextScan == 101 * DeadlineClock.tickLength)
    }

    @Test func theEarliestTimerIsNext() {
        var timers = LoopTimers()
        #expect(timers.next == .max)
        timers.set(LoopTimer(rawValue: 2), at: 20)
        timers.set(LoopTimer(rawValue: 1), at: 10)
        timers.set(LoopTimer(rawValue: 0), at: 30)
        #expect(timers.next == 10)
        #expect(timers.takeExpired(at: 9) == nil)
        #expect(timers.takeExpired(at: 25)?.rawValue == 1)
        #expect(timers.takeExpired(at: 25)?.rawValue == 2)
        #expect(timers.takeExpired(at: 25) == nil)
        timers.set(LoopTimer(rawValue: 0), at: .max)
        #expect(timers.next == .max)
    }

    @Test func anAlarmIsSetAnewForAnEarlierTimeOrAfterItHasRung() {
        #expect(Alarm.needsSetting(for: 10, setFor: .max, now: 5))
        #expect(Alarm.needsSetting(for: 10, setFor: 11, now: 5))
        #expect(!Alarm.needsSetting(for: 10, setFor: 10, now: 5))
        #expect(!Alarm.needsSetting(for: 12, setFor: 10, now: 9))
        #expect(Alarm.needsSetting(for: 12, setFor: 10, now: 10))
        #expect(!Alarm.needsSetting(for: .max, setFor: 10, now: 5))
        #expect(!Alarm.needsSetting(for: .max, setFor: .max, now: 5))
    }

    // MARK: Accepting

    @Test func pausesOfAcceptingGrowAndShrink() {
        var gate = AcceptGate()
        var now: UInt64 = 0
        var pauses: [UInt64] = []
        for _ in 0..<6 {
            gate.exhausted(at: now)
            pauses.append((gate.resumeAt - now) / 1_000_000)
            now = gate.resumeAt
            #expect(gate.takeResume(at: now) == true)
        }
        #expect(pauses == [100, 200, 400, 800, 1000, 1000])
        gate.succeeded()
        gate.exhausted(at: now)
        #expect(gate.resumeAt - now == AcceptGate.firstPause)
        #expect(gate.takeResume(at: now) == false)
        #expect(gate.isPaused)
    }

    @Test(arguments: [
        (Int32(11), "wouldBlock"), (103, "skipped"), (71, "skipped"), (113, "skipped"), (24, "exhausted"),
        (23, "exhausted"), (105, "exhausted"), (12, "exhausted"), (9, "exhausted"), (22, "exhausted"),
    ]) func errorsOfAcceptingAreSorted(code: Int32, verdict: String) {
        let name =
            switch EpollPoller.verdict(on: Errno(code: code)) {
            case .accepted: "accepted"
            case .wouldBlock: "wouldBlock"
            case .skipped: "skipped"
            case .exhausted: "exhausted"
            }
        #expect(name == verdict)
    }

    @Test func onlyAClearImbalanceMovesAConnection() throws {
        let group = SocketLoopGroup(loops: 3)
        #expect(group.placement(from: 0) == nil)
        let wakers = try (0..<3).map { _ in try Waker() }
        for (index, waker) in wakers.enumerated() { group.join(index, waker: waker) }
        group.changed(0, by: 8)
        #expect(group.placement(from: 0) == nil)
        group.changed(0, by: 1)
        group.changed(1, by: 1)
        #expect(group.placement(from: 0) == 2)
        group.stopAccepting(2)
        #expect(group.placement(from: 0) == nil)
        group.changed(0, by: 991)
        group.changed(1, by: 900)
        #expect(group.placement(from: 0) == nil)
        group.changed(1, by: -200)
        #expect(group.placement(from: 0) == 1)
        #expect(group.placement(from: 1) == nil)
    }

    // MARK: Output

    @Test func outputComesOutAsItWentInWhateverTheCuts() {
        var pool = OutputPool()
        var queue = OutputQueue()
        let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        var out: [UInt8] = []
        var put = 0
        var step = 1
        while out.count < bytes.count {
            step = step * 7 % 5003
            let part = Array(bytes[put..<min(bytes.count, put + step)])
            queue.append(part.span.bytes, from: &pool)
            put += part.count
            let (pieces, available) = queue.gather(into: &pool)
            #expect(pieces <= OutputPool.vectorLimit)
            var left = put == bytes.count ? available : min(available, step * 5 % 4099)
            let sent = left
            for index in 0..<pieces where left > 0 {
                let vector = pool.vectors[index]
                out += UnsafeRawBufferPointer(start: vector.iov_base, count: min(left, vector.iov_len))
                left -= min(left, vector.iov_len)
            }
            queue.drop(first: sent, to: &pool)
            #expect(queue.count == put - out.count)
        }
        #expect(out == bytes)
        #expect(pool.usedCount == 0)
    }

    @Test func anEmptyQueueOwnsNothing() {
        var pool = OutputPool()
        var queue = OutputQueue()
        let bytes = [UInt8](repeating: 1, count: 20_000)
        queue.append(bytes.span.bytes, from: &pool)
        #expect(pool.usedCount == 5)
        queue.drop(first: 19_999, to: &pool)
        #expect(pool.usedCount == 1)
        queue.removeAll(to: &pool)
        #expect(pool.usedCount == 0)
        #expect(queue.gather(into: &pool) == (0, 0))
        let nothing: [UInt8] = []
        queue.append(nothing.span.bytes, from: &pool)
        #expect(pool.usedCount == 0)
    }

    @Test func aConnectionsPlaceIsSmall() {
        #expect(MemoryLayout<ConnectionSlot<Socket>>.stride <= 64)
    }

    // MARK: Surroundings

    @Test func aQuotaIsReadAsTheKernelWritesIt() {
        #expect(Processors.processors(cpuMax: "max 100000\n") == nil)
        #expect(Processors.processors(cpuMax: "200000 100000\n") == 2)
        #expect(Processors.processors(cpuMax: "150000 100000\n") == 2)
        #expect(Processors.processors(cpuMax: "50000 100000\n") == 1)
        #expect(Processors.processors(cpuMax: "100000 0\n") == nil)
        #expect(Processors.processors(cpuMax: "") == nil)
        #expect(Processors.usable >= 1)
    }

    @Test func aQuotaIsLookedForInEveryGroupAbove() {
        #expect(
            Processors.quotaFiles(groups: "1:cpu:/x\n0::/a/b\n") == [
                "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/a/cpu.max", "/sys/fs/cgroup/a/b/cpu.max",
            ]
        )
        #expect(Processors.quotaFiles(groups: "") == ["/sys/fs/cgroup/cpu.max"])
    }

    @Test func errorsSayWhatTheyAre() {
        #expect(Errno.connectionRefused.description == "Connection refused")
        #expect(Errno(code: 99_999).description == "error 99999")
    }

    @Test func theReadBufferIsPaddedOnBothSides() {
        let buffer = ReadBuffer(capacity: 10)
        for offset in -ReadBuffer.frontPadding..<(10 + ReadBuffer.backPadding) {
            #expect((buffer.start + offset).load(as: UInt8.self) == 0)
        }
        #expect(buffer.bytes(10).byteCount == 10)
    }

    @Test func aClosedInboxTakesNothing() {
        let inbox = Inbox<Int>(waker: .flagOnly())
        #expect(inbox.post(1))
        inbox.close()
        #expect(!inbox.post(2))
        #expect(inbox.take().isEmpty)
    }
}
