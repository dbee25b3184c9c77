/// Up to which of an owner's messages everything is settled, while records settle in any order: what a cumulative
/// acknowledgement says.
///
/// Messages are numbered 1, 2, 3, … A number that is passed over was settled without a record. Memory is that of the
/// runs of neighbouring messages that are not settled, however many logs they have.
package struct SettlementTracker: Sendable {
    /// Neighbouring messages of one unsettled record each, or one message of several.
    private struct Run {
        var first: UInt64
        var last: UInt64
        /// Unsettled ones of the message; 1 where there are several messages.
        var records: Int
    }

    /// Rising; those before `head` are settled.
    private var runs: [Run] = []
    private var head = 0
    private var highest: UInt64 = 0
    /// More of the highest message may come.
    private var isOpen = false

    /// - Parameter settledThrough: messages that are none of its business: the first one is the next.
    package init(settledThrough: UInt64 = 0) { highest = settledThrough }

    /// Every record that was committed is settled.
    package var isSettled: Bool { head == runs.count }

    /// The highest message that is settled together with all before it; 0: none is.
    package var settledThrough: UInt64 {
        let whole = isOpen ? highest - 1 : highest
        return head < runs.count ? min(whole, runs[head].first - 1) : whole
    }

    /// Nothing is unsettled and no message is under way.
    package var isIdle: Bool { head == runs.count && !isOpen }

    /// Runs held, for tests.
    package var runCount: Int { runs.count - head }

    /// A record of this message was committed.
    ///
    /// - Parameters:
    ///   - number: never lower than one before.
    ///   - isWhole: false when more logs of the message may come, which `received` ends.
    package mutating func committed(number: UInt64, isWhole: Bool = true) {
        advance(to: number)
        isOpen = !isWhole
        guard head < runs.count else { return runs.append(Run(first: number, last: number, records: 1)) }
        let end = runs.count - 1
        if runs[end].last == number {
            if runs[end].first < number {
                runs[end].last -= 1
                runs.append(Run(first: number, last: number, records: 2))
            } else {
                runs[end].records += 1
            }
        } else if runs[end].last + 1 == number, runs[end].records == 1 {
            runs[end].last = number
        } else {
            runs.append(Run(first: number, last: number, records: 1))
        }
    }

    /// This message is complete: nothing more of it will be committed, if anything ever was.
    package mutating func received(number: UInt64) {
        advance(to: number)
        isOpen = false
    }

    /// The records of a `Receipt` are settled.
    package mutating func settled(firstNumber: UInt64, lastNumber: UInt64, count: Int) {
        precondition(firstNumber == lastNumber || lastNumber - firstNumber == UInt64(count - 1), "not a receipt's run")
        var number = firstNumber
        var index = indexOfRun(endingFrom: firstNumber)
        while number <= lastNumber {
            precondition(index < runs.count && runs[index].first <= number, "a record was settled twice")
            if runs[index].records > 1 {
                index = subtract(firstNumber == lastNumber ? count : 1, from: index)
                number += 1
            } else {
                precondition(firstNumber < lastNumber || count == 1, "a record was settled twice")
                let end = min(lastNumber, runs[index].last)
                index = cut(number...end, from: index)
                number = end + 1
            }
        }
        compact()
    }

    private mutating func advance(to number: UInt64) {
        precondition(number > 0 && number >= highest, "messages are numbered from 1, rising")
        highest = number
    }

    private func indexOfRun(endingFrom number: UInt64) -> Int {
        var low = head
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].last < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// - Returns: the index of the next run.
    private mutating func subtract(_ records: Int, from index: Int) -> Int {
        precondition(records <= runs[index].records, "a record was settled twice")
        runs[index].records -= records
        return runs[index].records == 0 ? remove(index) : index + 1
    }

    /// - Returns: the index of what is left behind the numbers, or of the next run.
    private mutating func cut(_ numbers: ClosedRange<UInt64>, from index: Int) -> Int {
        let run = runs[index]
        let left = run.first < numbers.lowerBound
        let right = numbers.upperBound < run.last
        if right { runs[index].first = numbers.upperBound + 1 }
        guard left else { return right ? index : remove(index) }
        let before = Run(first: run.first, last: numbers.lowerBound - 1, records: 1)
        if right { runs.insert(before, at: index) } else { runs[index] = before }
        return index + 1
    }

    private mutating func remove(_ index: Int) -> Int {
        guard index == head else {
            runs.remove(at: index)
            return index
        }
        head += 1
        return head
    }

    /// Settled in order, as most are, runs go from the front: not each of them may move all others.
    private mutating func compact() {
        if head == runs.count {
            runs.removeAll(keepingCapacity: runs.capacity <= 64)
            head = 0
        } else if head >= 64, head > runs.count / 2 {
            runs.removeFirst(head)
            head = 0
        }
    }
}
