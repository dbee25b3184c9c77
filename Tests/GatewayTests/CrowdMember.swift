import Simulation

/// One client of a crowd, and what it has heard.
struct CrowdMember {
    /// How it leaves.
    enum End: CaseIterable {
        /// A Close frame of its own.
        case closes
        /// FIN, without a word.
        case finishes
        /// RST.
        case breaks
        /// A frame that RFC 6455 forbids.
        case violates
        /// It answers no ping, and is not there any more when it is told why it is closed.
        case dies
        /// It stays until the gateway ends.
        case stays
        /// The same, and then it does not react.
        case lingers
    }

    let number: Int
    let end: End
    let peer: SimulatedPeer
    /// Logs written.
    var sent = 0
    /// Frames heard since the upgrade.
    var pings = 0
    var closeCode: Int?
    /// Bytes that are no frame of a gateway that has nothing to say.
    var surprises = 0

    init(number: Int, end: End, peer: SimulatedPeer) {
        self.number = number
        self.end = end
        self.peer = peer
    }

    static let pong: [UInt8] = [0x8A, 0x80, 0, 0, 0, 0]
    static let close: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]
    /// Not masked (RFC 6455 section 5.1).
    static let forbidden: [UInt8] = [0x81, 0x00]

    /// A frame with its next log.
    mutating func log() -> [UInt8] {
        sent += 1
        return CrowdLog.frame(number, sent - 1)
    }

    /// Reads what has come behind the upgrade: pings, and a Close as the last of it.
    mutating func listen() {
        let bytes = peer.read()
        var place = 0
        while place + 1 < bytes.count {
            let count = Int(bytes[place + 1])
            switch (bytes[place], count) {
            case (0x89, 0) where closeCode == nil:
                pings += 1
            case (0x88, 2...125) where closeCode == nil && place + 2 + count <= bytes.count:
                closeCode = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
            default:
                surprises += 1
            }
            place += 2 + count
        }
        if place != bytes.count { surprises += 1 }
    }
}
