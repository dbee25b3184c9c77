/// Where bytes are cut.
enum Cuts {
    /// At places that follow from the seed alone.
    static func chance(_ count: Int, seed: UInt8) -> [Int] {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        var cuts: [Int] = []
        var position = 0
        while position < count {
            // xorshift: any sequence will do that is the same on every run.
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            position += Int(state % 7) + 1
            if position < count { cuts.append(position) }
        }
        return cuts
    }
}
