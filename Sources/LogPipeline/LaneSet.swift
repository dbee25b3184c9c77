/// A set of a writer's lanes.
///
/// Order is kept per lane, and so per connection, without a state per connection and topic. The first 64 stand for the
/// connections whose slot ends in their number; the others, the steady ones, for what outlives a connection and goes on
/// in another slot, or in another loop, with the partition that it had.
package struct LaneSet: Equatable, Sendable {
    package static let laneCount = 128
    /// The first of the 64 steady lanes.
    package static let firstSteady = 64

    private var passing: UInt64 = 0
    private var steady: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { passing | steady == 0 }

    package func contains(_ lane: Int) -> Bool {
        (lane < LaneSet.firstSteady ? passing : steady) & LaneSet.bit(lane) != 0
    }

    package func intersection(_ other: LaneSet) -> LaneSet {
        var both = self
        both.passing &= other.passing
        both.steady &= other.steady
        return both
    }

    package mutating func insert(_ lane: Int) {
        if lane < LaneSet.firstSteady { passing |= LaneSet.bit(lane) } else { steady |= LaneSet.bit(lane) }
    }

    package mutating func remove(_ lane: Int) {
        if lane < LaneSet.firstSteady { passing &= ~LaneSet.bit(lane) } else { steady &= ~LaneSet.bit(lane) }
    }

    /// Takes out the lowest lane.
    package mutating func popFirst() -> Int? {
        if passing != 0 { return LaneSet.popFirst(&passing) }
        return steady != 0 ? LaneSet.firstSteady + LaneSet.popFirst(&steady) : nil
    }

    /// Of its word: the low bits of a lane's number are its place there.
    private static func bit(_ lane: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: lane) }

    private static func popFirst(_ bits: inout UInt64) -> Int {
        let place = bits.trailingZeroBitCount
        bits &= bits &- 1
        return place
    }
}
