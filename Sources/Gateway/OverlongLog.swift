import Crypto

/// What is known of a log that is passed over because it is too long: a digest of what has come, and the first bytes.
@safe final class OverlongLog {
    private(set) var size = 0
    private(set) var first: [UInt8] = []
    /// Whether its end was seen.
    var isWhole = false
    var route = 0
    /// The client's address, while it was there.
    var peer: String?
    private let wanted: Int
    private let digest = RunningDigest()

    /// - Parameter wanted: how many of the first bytes are kept.
    init(wanted: Int) {
        self.wanted = wanted
    }

    func take(_ bytes: UnsafeRawBufferPointer) {
        size += bytes.count
        unsafe digest.update(bytes)
        let room = min(bytes.count, wanted - first.count)
        if room > 0 { unsafe first.append(contentsOf: bytes[..<room]) }
    }

    /// The digest of everything that came; nothing may follow.
    func finish() -> [UInt8] { digest.finish() }
}
