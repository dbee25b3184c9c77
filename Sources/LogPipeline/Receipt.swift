/// Whose log a record is, for an owner that wants to know when it is settled.
package struct ReceiptKey: BitwiseCopyable, Sendable, Equatable {
    /// The connection.
    package let owner: UInt64
    /// Of the message; the numbers of an owner rise, those of a split message's logs are the same.
    package let number: UInt64
    /// Which log of its message it is, counted from 1; 0 where nobody counts.
    package let position: UInt32

    package init(owner: UInt64, number: UInt64, position: UInt32 = 0) {
        self.owner = owner
        self.number = number
        self.position = position
    }
}

/// Neighbouring records of a batch that are of one owner: all of one message, or each of the message that follows the
/// one before.
package struct Receipt: BitwiseCopyable, Sendable, Equatable {
    package let owner: UInt64
    package let firstRecord: Int
    package private(set) var count: Int
    package let firstNumber: UInt64
    package private(set) var lastNumber: UInt64
    /// `ReceiptKey.position` of the first record; those of the others follow.
    private let firstPosition: UInt32

    init(_ key: ReceiptKey, record: Int) {
        owner = key.owner
        firstRecord = record
        count = 1
        firstNumber = key.number
        lastNumber = key.number
        firstPosition = key.position
    }

    /// The message of this record.
    package func number(ofRecord record: Int) -> UInt64 {
        firstNumber == lastNumber ? firstNumber : firstNumber &+ UInt64(record &- firstRecord)
    }

    /// Which log of its message this record is, counted from 1; 0 where nobody counted.
    package func position(ofRecord record: Int) -> UInt32 {
        guard firstPosition > 0, firstNumber == lastNumber else { return firstPosition }
        return firstPosition &+ UInt32(truncatingIfNeeded: record &- firstRecord)
    }

    /// - Returns: whether the record belongs in here as well.
    mutating func extend(_ key: ReceiptKey, record: Int) -> Bool {
        guard key.owner == owner, record == firstRecord &+ count else { return false }
        let isSame =
            key.number == lastNumber && firstNumber == lastNumber
            && key.position == (firstPosition == 0 ? 0 : firstPosition &+ UInt32(truncatingIfNeeded: count))
        let isNext =
            key.number == lastNumber &+ 1 && lastNumber &- firstNumber == UInt64(count &- 1)
            && key.position == firstPosition
        guard isSame || isNext else { return false }
        lastNumber = key.number
        count &+= 1
        return true
    }
}
