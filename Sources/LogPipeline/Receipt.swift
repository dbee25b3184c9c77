/// Whose log a record is, for an owner that wants to know when it is settled.
package struct ReceiptKey: BitwiseCopyable, Sendable, Equatable {
    /// The connection.
    package let owner: UInt64
    /// Of the message; the numbers of an owner rise, those of a split message's logs are the same.
    package let number: UInt64

    package init(owner: UInt64, number: UInt64) {
        self.owner = owner
        self.number = number
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

    init(_ key: ReceiptKey, record: Int) {
        owner = key.owner
        firstRecord = record
        count = 1
        firstNumber = key.number
        lastNumber = key.number
    }

    /// The message of this record.
    package func number(ofRecord record: Int) -> UInt64 {
        firstNumber == lastNumber ? firstNumber : firstNumber &+ UInt64(record &- firstRecord)
    }

    /// - Returns: whether the record belongs in here as well.
    mutating func extend(_ key: ReceiptKey, record: Int) -> Bool {
        guard key.owner == owner, record == firstRecord &+ count else { return false }
        let isSame = key.number == lastNumber && firstNumber == lastNumber
        let isNext = key.number == lastNumber &+ 1 && lastNumber &- firstNumber == UInt64(count &- 1)
        guard isSame || isNext else { return false }
        lastNumber = key.number
        count &+= 1
        return true
    }
}
