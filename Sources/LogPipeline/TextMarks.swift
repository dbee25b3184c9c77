/// The places of a marked text that are no plain characters, one after the other: quotes, backslashes, control
/// characters, and bytes that are not ASCII. The last of them is the zero behind the text.
@safe struct TextMarks {
    private let words: UnsafeRawPointer
    /// Where the bytes of `word` begin.
    private var block: Int
    private var word: UInt64

    /// - Parameter words: a bit for each byte, the first one's lowest.
    @inline(__always)
    init(_ words: UnsafeRawPointer, from start: Int) {
        unsafe self.words = words
        block = start & ~63
        let word = unsafe words.loadUnaligned(fromByteOffset: block &>> 3, as: UInt64.self)
        self.word = word & (UInt64.max &<< UInt64(truncatingIfNeeded: start))
    }

    /// The next place. Not to be called again behind the last one.
    @inline(__always)
    mutating func next() -> Int {
        while word == 0 {
            block &+= 64
            word = unsafe words.loadUnaligned(fromByteOffset: block &>> 3, as: UInt64.self)
        }
        let place = block &+ word.trailingZeroBitCount
        word &= word &- 1
        return place
    }
}
