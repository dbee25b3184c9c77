/// Which numbers, from 1 on, have been seen: a bit for each up to the highest.
struct NumberSet {
    private var words: [UInt64] = []
    private(set) var count = 0

    func contains(_ number: Int) -> Bool {
        let word = (number - 1) >> 6
        return word < words.count && words[word] & Self.bit(number) != 0
    }

    /// - Returns: whether it is new.
    mutating func insert(_ number: Int) -> Bool {
        let word = (number - 1) >> 6
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        guard words[word] & Self.bit(number) == 0 else { return false }
        words[word] |= Self.bit(number)
        count += 1
        return true
    }

    private static func bit(_ number: Int) -> UInt64 { 1 << UInt64((number - 1) & 63) }
}
