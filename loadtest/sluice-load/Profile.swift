/// A kind of sender, as `--profile` names it.
enum Profile: String, CaseIterable, Sendable {
    case plain
    case echo
    case ack
    case idle
    case beats
    case browser
    case fluentBit = "fluent-bit"
    case telegraf
}

extension Profile {
    /// What is done with a server's messages.
    enum Listening: Equatable, Sendable {
        /// They are counted.
        case counting
        /// Each log comes back.
        case echoes
        /// `sluice.v1`.
        case acks
        /// Nothing is read after the handshake.
        case deaf
    }

    /// How the logs of a write are put into messages.
    enum Joining: Equatable, Sendable {
        /// A message each.
        case single
        /// One message, a JSON array.
        case array
        /// One message, a line each.
        case lines
    }

    var listening: Listening {
        switch self {
        case .echo: .echoes
        case .ack: .acks
        case .beats, .fluentBit: .deaf
        case .plain, .idle, .browser, .telegraf: .counting
        }
    }

    var joining: Joining {
        switch self {
        case .fluentBit: .array
        case .telegraf: .lines
        default: .single
        }
    }

    /// Nanoseconds after which a connection that broke is made anew; nil: never.
    var reconnectDelay: UInt64? {
        switch self {
        case .beats: 10_000_000_000
        case .ack: 1_000_000_000
        case .fluentBit, .telegraf: 10_000_000_000
        default: nil
        }
    }

    /// Payload bytes of a frame, as gorilla/websocket's write buffer cuts them.
    var fragment: Int? { self == .beats || self == .telegraf ? 4_096 : nil }

    /// Logs of a write, where nobody says.
    var batch: Int { joining == .single ? 1 : 50 }

    var isBinary: Bool { self == .telegraf }

    /// What Fluent Bit masks every frame with: its own, always the same.
    var mask: UInt32? { self == .fluentBit ? UInt32(bigEndian: 0x1234_5678) : nil }

    /// Nanoseconds between pings; nil: none.
    var pingInterval: UInt64? { self == .beats ? 30_000_000_000 : nil }

    /// Whether a Close frame ends a connection, and not TCP alone.
    var saysClose: Bool { listening != .deaf && self != .telegraf }

    var offersDeflate: Bool { self == .browser }

    /// Messages of a connection that may be unanswered in a closed loop; nil: as many as the kernel takes.
    var window: Int? {
        switch self {
        case .echo: 1
        case .ack: 1_000
        default: nil
        }
    }

    /// What this kind of sender says of itself in the handshake.
    var headers: [HeaderField] {
        switch self {
        case .beats: [HeaderField(name: "User-Agent", value: "Go-http-client/1.1")]
        case .browser:
            [
                HeaderField(
                    name: "User-Agent",
                    value: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
                        + "Safari/537.36"
                ), HeaderField(name: "Cache-Control", value: "no-cache"),
                HeaderField(name: "Pragma", value: "no-cache"),
                HeaderField(name: "Accept-Encoding", value: "gzip, deflate, br, zstd"),
                HeaderField(name: "Accept-Language", value: "en-US,en;q=0.9"),
            ]
        case .fluentBit: [HeaderField(name: "Content-Length", value: "0")]
        default: []
        }
    }
}

/// A header of the handshake.
struct HeaderField: Equatable, Sendable {
    let name: String
    let value: String

    /// `Name: value`, with nothing that would end the line.
    static func parse(_ text: String) -> HeaderField? {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
        let name = text[..<colon]
        let separators = Set("()<>@,;:\\\"/[]?={} \t".utf8)
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !separators.contains($0) }) else { return nil }
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        guard Self.canCarry(value) else { return nil }
        return HeaderField(name: String(name), value: String(value))
    }

    static func canCarry(_ value: some StringProtocol) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
