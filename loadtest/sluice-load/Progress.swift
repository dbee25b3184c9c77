internal import Glibc

/// Tells on standard error how far a run is: a line that changes on a terminal, else a new line every five seconds.
struct Progress {
    /// Nanoseconds between two lines where there is no terminal.
    private static let interval: UInt64 = 5_000_000_000

    let run: String
    var sent = 0
    var open = 0
    var answered = 0
    var stored = 0
    var partitions: Int?

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastShown: UInt64
    private var lastSent = 0
    private var isLineOpen = false

    /// - Parameter begin: monotonic nanoseconds.
    init(run: String, begin: UInt64) {
        self.run = run
        lastShown = begin
    }

    /// - Parameter now: monotonic nanoseconds.
    mutating func show(_ stage: LoadRun.Stage, now: UInt64) {
        guard isTerminal || now - lastShown >= Self.interval, now > lastShown else { return }
        let rate = Double(sent - lastSent) / (Double(now - lastShown) / 1e9)
        lastShown = now
        lastSent = sent
        let text = line(stage, rate: rate)
        isLineOpen = isTerminal
        Output.error(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
    }

    /// Makes room for what is printed next.
    mutating func end() {
        if isLineOpen { Output.error("\r\u{1B}[K") }
        isLineOpen = false
    }

    private func line(_ stage: LoadRun.Stage, rate: Double) -> String {
        let answered = answered == 0 ? "" : ", \(answered) answered"
        let stored = partitions == nil ? "" : ", \(stored) in the topic"
        switch stage {
        case .preparing: return "asking Kafka where the topic ends"
        case .opening: return "opening: \(open) connections"
        case .sending, .done: return "\(sent) sent, \(Int(rate))/s, \(open) connections\(answered)\(stored)"
        case .verifying: return "\(sent) sent\(stored)"
        }
    }
}
