import LogPipeline

/// How much one loop tells of refused logs: so many a second and so many bytes on their way, that a flood of bad logs
/// costs good ones nothing. What finds no room is counted.
struct DeadLetterOffice {
    /// In all loops together. A loop may tell as many at once.
    static let perSecond = 1_000
    /// What a record on its way costs beside its payload, bytes.
    static let recordOverhead = 256

    /// Whether any route wants them.
    private(set) var isOn = false
    /// Stored by Kafka.
    private(set) var sent: UInt64 = 0
    /// Found no room, or refused by Kafka.
    private(set) var lost: UInt64 = 0
    /// Handed over or about to be.
    private(set) var inFlight = 0
    private(set) var bytes = 0
    private var bound = 0
    private let loops: Int
    private let rate: Double
    private var tokens = Double(perSecond)
    private var filledAt: UInt64

    /// - Parameters:
    ///   - bytes: what may be on its way, of all loops together.
    init(_ routes: [LogRoute], bytes: Int, loops: Int, now: UInt64) {
        self.loops = loops
        rate = Double(Self.perSecond) / Double(loops)
        filledAt = now
        update(routes, bytes: bytes)
    }

    /// These are the routes, or may still have connections.
    mutating func update(_ routes: [LogRoute], bytes: Int) {
        let plans = routes.compactMap(\.deadLetters)
        isOn = !plans.isEmpty
        bound = max(bytes / loops, 4 * (plans.map(\.reservation).max() ?? 0))
    }

    /// Takes the room of one, or counts it as lost.
    mutating func admit(_ plan: DeadLetterPlan, at now: UInt64) -> Bool {
        if now > filledAt {
            tokens = min(Double(Self.perSecond), tokens + Double(now - filledAt) / Double(second) * rate)
            filledAt = now
        }
        guard tokens >= 1, bytes + plan.reservation <= bound else {
            lost += 1
            return false
        }
        tokens -= 1
        bytes += plan.reservation
        return true
    }

    /// One that was admitted is a record now; nil: it could not become one.
    mutating func written(_ count: Int?, _ plan: DeadLetterPlan) {
        bytes -= plan.reservation
        guard let count else {
            lost += 1
            return
        }
        bytes += count + Self.recordOverhead
        inFlight += 1
    }

    mutating func settled(_ batch: Batch) {
        inFlight -= batch.count
        bytes -= batch.payloadBytes + batch.count * Self.recordOverhead
        sent += UInt64(batch.count - batch.drops.count)
        lost += UInt64(batch.drops.count)
    }
}
