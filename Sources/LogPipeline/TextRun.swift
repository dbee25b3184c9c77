/// Runs of text in vectors of 16 bytes, checked to be UTF-8 (RFC 3629) on the way.
///
/// Bytes must be padded as `PaddedText` says: the zero behind them ends every run.
enum TextRun {
    /// The first quote, backslash or control character at or after `start`; the complement (`~`) of a position
    /// when the text before it is not UTF-8.
    ///
    /// Vectors are compared with vectors only: against a scalar, or with `any`, the compiler (Swift 6.3) leaves
    /// calls per lane behind that cost a hundred times as much.
    @inline(__always)
    static func end(_ base: UnsafeRawPointer, from start: Int) -> Int {
        let quotes = SIMD16<Int8>(repeating: 0x22)
        let backslashes = SIMD16<Int8>(repeating: 0x5C)
        let spaces = SIMD16<Int8>(repeating: 0x20)
        var at = start
        while true {
            let bytes = unsafe base.loadUnaligned(fromByteOffset: at, as: SIMD16<Int8>.self)
            // Signed: everything that is not ASCII is below a space.
            let odd = (bytes .== quotes) .| (bytes .== backslashes) .| (bytes .< spaces)
            let mask = unsafe unsafeBitCast(odd, to: UInt128.self)
            if mask == 0 {
                at &+= 16
                continue
            }
            at &+= mask.trailingZeroBitCount &>> 3
            if unsafe base.load(fromByteOffset: at, as: Int8.self) >= 0 { return at }
            at = unsafe wide(base, from: at)
            if at < 0 { return at }
        }
    }

    /// The same for text with bytes beyond ASCII; comes back early where 16 bytes of plain ASCII follow.
    @inline(never)
    private static func wide(_ base: UnsafeRawPointer, from start: Int) -> Int {
        let quotes = SIMD16<UInt8>(repeating: 0x22)
        let backslashes = SIMD16<UInt8>(repeating: 0x5C)
        let spaces = SIMD16<UInt8>(repeating: 0x20)
        let ascii = SIMD16<UInt8>(repeating: 0x80)
        var at = start
        while true {
            let bytes = unsafe base.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self)
            let stops = (bytes .== quotes) .| (bytes .== backslashes) .| (bytes .< spaces)
            let stop = unsafe unsafeBitCast(stops, to: UInt128.self)
            let fault = unsafe unsafeBitCast(faults(base, at, bytes), to: UInt128.self)
            if stop | fault != 0 {
                let position = at &+ (stop | fault).trailingZeroBitCount &>> 3
                return fault.trailingZeroBitCount <= stop.trailingZeroBitCount ? ~position : position
            }
            let plain = unsafe unsafeBitCast(bytes .< ascii, to: UInt128.self)
            if plain == .max { return at }
            at &+= 16
        }
    }

    /// Which of the 16 bytes cannot follow the three before each (RFC 3629 section 4).
    @inline(__always)
    private static func faults(
        _ base: UnsafeRawPointer,
        _ at: Int,
        _ bytes: SIMD16<UInt8>
    ) -> SIMDMask<SIMD16<Int8>> {
        let first = unsafe base.loadUnaligned(fromByteOffset: at &- 1, as: SIMD16<UInt8>.self)
        let second = unsafe base.loadUnaligned(fromByteOffset: at &- 2, as: SIMD16<UInt8>.self)
        let third = unsafe base.loadUnaligned(fromByteOffset: at &- 3, as: SIMD16<UInt8>.self)
        let x80 = SIMD16<UInt8>(repeating: 0x80)
        let x90 = SIMD16<UInt8>(repeating: 0x90)
        let xA0 = SIMD16<UInt8>(repeating: 0xA0)
        let xC0 = SIMD16<UInt8>(repeating: 0xC0)
        let xE0 = SIMD16<UInt8>(repeating: 0xE0)
        let xF0 = SIMD16<UInt8>(repeating: 0xF0)
        let continues = (bytes & xC0) .== x80
        let mustContinue = (first .>= xC0) .| (second .>= xE0) .| (third .>= xF0)
        let neverLeads =
            ((bytes & SIMD16<UInt8>(repeating: 0xFE)) .== xC0) .| (bytes .>= SIMD16<UInt8>(repeating: 0xF5))
        let overlong = ((first .== xE0) .& (bytes .< xA0)) .| ((first .== xF0) .& (bytes .< x90))
        let surrogate = (first .== SIMD16<UInt8>(repeating: 0xED)) .& (bytes .>= xA0)
        let beyond = (first .== SIMD16<UInt8>(repeating: 0xF4)) .& (bytes .>= x90)
        return (continues .^ mustContinue) .| neverLeads .| overlong .| surrogate .| beyond
    }
}
