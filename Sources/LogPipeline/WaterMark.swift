/// A level with hysteresis: over the high mark it is full, and stays so until it is at the low mark.
package struct WaterMark: Equatable, Sendable {
    package let high: Int
    package let low: Int
    package private(set) var level = 0
    package private(set) var isFull = false

    /// - Parameters:
    ///   - high: full from here on.
    ///   - low: not full any more from here down.
    package init(high: Int, low: Int) {
        precondition(low < high, "the low mark must lie under the high one")
        self.high = high
        self.low = low
    }

    /// The same level with lower marks: the last quarter is for those who send little.
    var forThoseWhoSendMuch: WaterMark {
        let high = max(2, self.high / 4 * 3)
        return WaterMark(high: high, low: high / 4 * 3)
    }

    package mutating func rise(by amount: Int) {
        level += amount
        if level >= high { isFull = true }
    }

    package mutating func fall(by amount: Int) {
        level -= amount
        precondition(level >= 0, "more was taken out than was put in")
        if level <= low { isFull = false }
    }
}
