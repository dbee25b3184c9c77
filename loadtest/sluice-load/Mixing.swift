/// Numbers that look random and follow from others.
enum Mixing {
    /// splitmix64's last step, over a sequence's seed and a place in it.
    static func mix(_ seed: UInt64, _ place: UInt64) -> UInt64 {
        var value = seed &+ (place &+ 1) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// The same from 0 up to, not including, 1.
    static func unit(_ seed: UInt64, _ place: UInt64) -> Double {
        Double(mix(seed, place) >> 11) / Double(UInt64(1) << 53)
    }
}
