import LogPipeline
import Reactor

extension Gateway {
    /// How the gateway ended.
    package struct Ending: Sendable {
        /// The last counters.
        package let counters: LoopSnapshot?
        /// Records that were received and have no verdict.
        package let unsettled: Int
    }

    /// The graceful end: not ready, no new connections, everybody told, everything handed over, everything flushed.
    ///
    /// - Parameter deadline: how long it may take, nanoseconds.
    package func drain(within deadline: UInt64) async -> Ending {
        shared.beginDraining()
        let start = ContinuousClock.now
        // A third of the time stays for the flusher.
        let forConnections = deadline / 3 * 2
        await withTaskGroup(of: Void.self) { group in
            for loop in loops {
                group.addTask { await loop.drain(within: forConnections) }
            }
        }
        flusher.setUrgent(true)
        let left = Duration.nanoseconds(Int64(deadline)) - (ContinuousClock.now - start)
        let unsettled = await stopFlusher(deadline: max(left, .zero))
        return await end(unsettled: unsettled)
    }

    /// The end without grace: the loops stop where they are.
    ///
    /// Not answered while a graceful end is stopping the loops itself.
    package func stopAtOnce() async -> Ending {
        let last = await stopLoops()
        return Ending(counters: last, unsettled: last?.ledger.inFlight ?? 0)
    }

    /// - Returns: the last counters of all loops.
    private func stopLoops() async -> LoopSnapshot? {
        var whole: LoopSnapshot?
        for loop in loops {
            let set = await loop.stop()
            if whole == nil { whole = set } else { whole?.merge(set) }
        }
        return whole
    }

    private func stopFlusher(deadline: Duration) async -> Int {
        let flusher = flusher
        // It blocks, and the pool of tasks is no place for that.
        return await withCheckedContinuation { continuation in
            let body: @Sendable () -> Void = { continuation.resume(returning: flusher.stop(deadline: deadline)) }
            do throws(Errno) {
                _ = try ThreadBox(name: "flusher-stop", body)
            } catch {
                body()
            }
        }
    }

    private func end(unsettled: Int) async -> Ending {
        let whole = await stopLoops()
        admin?.post(.stop)
        for thread in threads { thread.join() }
        // What became of dead letters is no matter of the exit status.
        let logs = unsettled - (whole?.deadLettersInFlight ?? 0)
        return Ending(counters: whole, unsettled: max(logs, whole?.ledger.inFlight ?? 0))
    }
}
