/// One input of the fuzzer, or of its corpus, held against everything that must be true of it.
///
/// The first byte says what the rest is: bits 0 and 1 the subject, all of it a seed.
package enum ProxyOracle {
    /// - Returns: what is wrong, or nil.
    package static func check(_ input: [UInt8]) -> String? {
        guard let control = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        switch control & 3 {
        case 0: return HeaderOracle.check(bytes, seed: control)
        case 1: return HeaderOracle.checkMade(of: bytes, seed: control)
        case 2: return AddressOracle.checkAddress(bytes)
        default: return AddressOracle.checkRange(bytes)
        }
    }
}
