import LogPipeline
import WebSocketWire

/// How far a message has come whose content is looked at while it arrives: because it is inflated, because it is cut
/// into logs, or because it is the body of a request.
struct StreamProgress {
    /// Bytes of content so far.
    private(set) var received = 0
    private(set) var isBody = false
    private(set) var split = Split.none
    var splitter = LogSplitter(.none)
    /// Part of a log of the message is held.
    var isWithinLog = false
    /// The array is none from here on, and what follows is passed over.
    var isMalformed = false
    var tally = MessageTally()
    /// Where the frame that is being read ends within the message.
    private var announced = 0
    private var utf8 = UTF8Validator()
    /// How many bytes are held because they may become the message `ping`; nil once they cannot.
    private var heldForPing: Int?

    /// What the first bytes of a message say about whether it is the keep-alive `ping`.
    enum Ping: Equatable {
        /// It is not; so many bytes of it were held back.
        case no(held: Int)
        /// It may become one; the bytes are held back.
        case undecided
        case yes
    }

    init() {}

    init(split: Split, kind: MessageKind, isBody: Bool) {
        self.isBody = isBody
        self.split = split
        if split != .none {
            splitter = LogSplitter(split)
            splitter.begin()
        }
        if kind.isText, !isBody { heldForPing = 0 }
    }

    var isCompleteUTF8: Bool { utf8.isComplete }

    /// Takes note of a frame, at the first of its pieces.
    /// - Returns: false when it makes the message longer than `limit`.
    mutating func announce(_ declared: UInt64, limit: Int) -> Bool {
        guard received == announced else { return true }
        guard declared <= UInt64(max(0, limit - received)) else { return false }
        announced = received + Int(declared)
        return true
    }

    mutating func receive(_ count: Int) { received += count }

    /// How many of the next bytes are UTF-8: all of them, or those before the first that cannot be.
    mutating func validCount(_ bytes: UnsafeRawBufferPointer) -> Int {
        let before = utf8
        guard unsafe !utf8.consume(bytes) else { return bytes.count }
        var (valid, invalid) = (0, bytes.count)
        while invalid - valid > 1 {
            let middle = (valid + invalid) / 2
            var probe = before
            if unsafe probe.consume(UnsafeRawBufferPointer(rebasing: bytes[..<middle])) {
                valid = middle
            } else {
                invalid = middle
            }
        }
        return valid
    }

    /// Before the bytes are noted as received.
    mutating func ping(_ bytes: UnsafeRawBufferPointer, ends: Bool) -> Ping {
        guard let held = heldForPing else { return .no(held: 0) }
        let total = held + bytes.count
        if total <= 4, unsafe Self.isPing(bytes, from: held) {
            guard ends else {
                heldForPing = total
                return .undecided
            }
            if total == 4 { return .yes }
        }
        heldForPing = nil
        return .no(held: held)
    }

    /// The bytes that `ping` holds back.
    static let pingText: StaticString = "ping"

    private static func isPing(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Bool {
        for index in 0..<bytes.count where unsafe bytes[index] != pingText.utf8Start[start + index] { return false }
        return true
    }
}
