import LogPipeline
import Reactor

/// A loop as other threads know it.
package struct LoopHandle: Sendable {
    private let inbox: Inbox<LoopMessage>

    init(inbox: Inbox<LoopMessage>) {
        self.inbox = inbox
    }

    var sink: any SettlementSink {
        let inbox = inbox
        return LoopSink { inbox.post($0) }
    }

    /// Begins to accept.
    func listen(on listeners: BoundListeners, as plans: [GatewayListener]) { inbox.post(.listen(listeners, plans)) }

    func replaceSecurity(listener: Int, with context: TLSContext) {
        inbox.post(.replaceSecurity(listener: listener, context))
    }

    func replaceAdmission(_ table: AdmissionTable) { inbox.post(.replaceAdmission(table)) }

    /// Returns when the loop has changed over.
    func update(_ update: LoopUpdate) async {
        await withCheckedContinuation { continuation in
            inbox.post(.update(update) { continuation.resume() })
        }
    }

    /// Asks for one consistent set of counters; the reply comes on the loop's thread.
    func snapshot(_ reply: @escaping @Sendable (LoopSnapshot) -> Void) {
        inbox.post(.snapshot(reply))
    }

    func snapshot() async -> LoopSnapshot {
        await withCheckedContinuation { continuation in
            snapshot { continuation.resume(returning: $0) }
        }
    }

    /// Returns when the loop's connections are gone and its logs handed over, or after so many nanoseconds.
    func drain(within time: UInt64) async {
        await withCheckedContinuation { continuation in
            inbox.post(.drain(within: time) { continuation.resume() })
        }
    }

    /// Ends the loop.
    /// - Returns: its last counters.
    func stop() async -> LoopSnapshot {
        await withCheckedContinuation { continuation in
            inbox.post(.stop { continuation.resume(returning: $0) })
        }
    }
}
