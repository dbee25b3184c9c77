internal import CVector

/// A message's bytes with the room around them that the vector passes need, and with marks on what in it is anything but
/// a plain character of a JSON string.
///
/// Making one writes a zero behind the text, which ends every run and every token without a bounds check, and
/// three zeros before it, so that a look at "the three bytes before" sees no half of a character.
@safe package struct PaddedText {
    /// Writable bytes that must lie before the text.
    package static let front = 3
    /// Bytes behind it, before its marks: what copies it overruns it by up to 63.
    private static let gap = 64

    /// Writable bytes that must lie behind a text of `count` bytes.
    @inline(__always)
    package static func behind(_ count: Int) -> Int { gap &+ (count &>> 6 &+ 1) &* 8 }

    /// Where its marks have to be: one bit for each byte of it, the first one's lowest.
    @inline(__always)
    package static func marks(_ base: UnsafeMutableRawPointer, count: Int) -> UnsafeMutableRawPointer {
        unsafe base + (count &+ gap)
    }

    let base: UnsafeMutableRawPointer
    let count: Int
    private let isMarked: Bool

    /// - Parameters:
    ///   - base: `count` bytes with `front` writable ones before them and `behind` after them.
    ///   - isMarked: whether it has its marks; otherwise they are made when somebody asks.
    package init(_ base: UnsafeMutableRawPointer, count: Int, isMarked: Bool = false) {
        self.isMarked = isMarked
        unsafe self.base = base
        self.count = count
        for offset in 1...PaddedText.front { unsafe base.storeBytes(of: 0, toByteOffset: -offset, as: UInt8.self) }
        unsafe base.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
    }

    /// The marks.
    @inline(__always)
    var marks: UnsafeRawPointer {
        let marks = unsafe PaddedText.marks(base, count: count)
        if !isMarked { unsafe cv_copy_marked(base, base, count, 0, marks) }
        return UnsafeRawPointer(marks)
    }

    subscript(index: Int) -> UInt8 {
        @inline(__always) get { unsafe base.load(fromByteOffset: index, as: UInt8.self) }
    }

    /// Where the text begins behind JSON's white space (RFC 8259 section 2).
    func firstSignificant() -> Int {
        var at = 0
        while JSONScanner.isSpace(self[at]) { at &+= 1 }
        return at
    }

    /// Whether everything from `start`, the beginning of a character, is UTF-8.
    func isUTF8(from start: Int) -> Bool { escapeGrowth(from: start) != nil }

    /// By how many bytes the text grows when it is written as a JSON string; nil when it is not UTF-8.
    func escapeGrowth(from start: Int = 0) -> Int? {
        var at = start
        var growth = 0
        while true {
            at = unsafe TextRun.end(base, from: at)
            if at < 0 { return nil }
            if at >= count { return growth }
            growth &+= JSONEscape.growth(of: self[at])
            at &+= 1
        }
    }
}
