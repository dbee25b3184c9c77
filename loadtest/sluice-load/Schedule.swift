/// When each write of a plan is due, in nanoseconds after the start. A value; it remembers what it computed last.
struct Schedule: Equatable, Sendable {
    let plan: LoadPlan
    let arrivals: Arrivals
    private let seed: UInt64
    private var block = ArrivalBlock()

    init(_ plan: LoadPlan, _ arrivals: Arrivals, seed: UInt64) {
        self.plan = plan
        self.arrivals = arrivals
        self.seed = seed
    }

    mutating func dueTime(ofWrite write: Int) -> UInt64 {
        guard arrivals == .poisson, plan.rate > 0 else { return plan.dueTime(ofWrite: write) }
        let first = write / Arrivals.block * Arrivals.block
        let begin = plan.dueTime(ofWrite: first)
        let length = Double(plan.dueTime(ofWrite: first + Arrivals.block) - begin)
        return begin + UInt64(block.position(ofWrite: write, seed: seed) * length)
    }

    /// When a connection's message, counted from 0, is due.
    mutating func dueTime(of message: Int, on connection: Int) -> UInt64 {
        plan.rate > 0 ? dueTime(ofWrite: plan.write(of: message, on: connection)) : 0
    }
}
