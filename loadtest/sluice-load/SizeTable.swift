/// How long each log of a run is: it follows from connection, number and seed, so that whoever reads it back knows.
///
/// A distribution is stood for by 256 lengths that are equally likely.
struct SizeTable: Equatable, Sendable {
    private static let classes = 256

    /// Bytes by class; one alone where all logs are equally long.
    let sizes: [Int]
    private let seed: UInt64

    init(_ distribution: SizeDistribution, seed: UInt64) {
        self.seed = seed
        if case .fixed(let size) = distribution {
            sizes = [size]
        } else {
            sizes = (0..<Self.classes).map { distribution.size(at: (Double($0) + 0.5) / Double(Self.classes)) }
        }
    }

    /// All logs have this many bytes.
    init(fixed size: Int) { self.init(.fixed(size), seed: 0) }

    var largest: Int { sizes.max() ?? 0 }

    /// Which of `sizes` a log has.
    func sizeClass(connection: Int, number: Int) -> Int {
        guard sizes.count > 1 else { return 0 }
        return Int(Mixing.mix(seed, UInt64(connection) << 40 ^ UInt64(number)) >> 56)
    }

    func size(connection: Int, number: Int) -> Int { sizes[sizeClass(connection: connection, number: number)] }
}
