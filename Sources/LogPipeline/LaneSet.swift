/// A set of a writer's 64 lanes.
///
/// A lane stands for the connections whose slot ends in its number: order is kept per lane, and so per connection,
/// without a state per connection and topic.
package struct LaneSet: Equatable, Sendable {
    package static let laneCount = 64

    private(set) var bits: UInt64

    package init() { bits = 0 }
    private init(bits: UInt64) { self.bits = bits }

    package var isEmpty: Bool { bits == 0 }
    package func contains(_ lane: Int) -> Bool { bits & (1 << UInt64(lane)) != 0 }
    package func intersection(_ other: LaneSet) -> LaneSet { LaneSet(bits: bits & other.bits) }
    package mutating func insert(_ lane: Int) { bits |= 1 << UInt64(lane) }
    package mutating func remove(_ lane: Int) { bits &= ~(1 << UInt64(lane)) }

    /// Takes out the lowest lane.
    package mutating func popFirst() -> Int? {
        guard bits != 0 else { return nil }
        let lane = bits.trailingZeroBitCount
        bits &= bits &- 1
        return lane
    }
}
