package import LogPipeline

/// Splits messages with `LogSplitter` in pieces of any size, as an owner would.
package struct SplitRun {
    private var splitter: LogSplitter
    private var outcome = SplitOracle.Outcome()
    private var open: [UInt8]?
    /// What an owner could not have made sense of.
    private var fault: String?

    private init(_ split: Split) { splitter = LogSplitter(split) }

    /// - Parameter cuts: where pieces end; those beyond the message do not count.
    package static func outcome(_ message: [UInt8], _ split: Split, cuts: [Int]) -> Result<SplitOracle.Outcome, Fault> {
        var run = SplitRun(split)
        // A message before it must leave nothing behind.
        run.take(Array("{\"a\\".utf8))
        run.splitter.begin()
        run = SplitRun(split, run.splitter)
        var from = 0
        for cut in (cuts.filter { $0 < message.count } + [message.count]).sorted() {
            run.take(Array(message[from..<cut]))
            from = cut
        }
        switch run.splitter.end() {
        case .nothing: break
        case .log: run.outcome.logs.append(run.open ?? [])
        case .malformed: run.malformed()
        }
        if let fault = run.fault { return .failure(Fault(text: fault)) }
        return .success(run.outcome)
    }

    package struct Fault: Error, Equatable { package let text: String }

    private init(_ split: Split, _ splitter: LogSplitter) { self.splitter = splitter }

    private mutating func malformed() {
        if outcome.isMalformed { fault = "malformed twice" }
        outcome.isMalformed = true
        open = nil
    }

    private mutating func take(_ piece: [UInt8]) {
        // A buffer of its own, so that the address sanitizer sees any step beyond it.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: piece)
        let bytes = UnsafeRawBufferPointer(buffer).bytes
        var offset = 0
        var events = 0
        while fault == nil {
            let before = offset
            let event = splitter.next(bytes, at: &offset)
            events += 1
            if events > 3 * piece.count + 3 { fault = "no progress" }
            if outcome.isMalformed, event != .needMore { fault = "\(event) behind a malformed array" }
            switch event {
            case .needMore:
                if offset != piece.count { fault = "needs more at \(offset) of \(piece.count)" }
                return
            case .part(let range, let ends):
                if range.lowerBound < before || range.upperBound > offset || offset > piece.count { fault = "\(range)" }
                if range.isEmpty, !ends { fault = "an empty part" }
                if fault == nil { open = (open ?? []) + piece[range] }
                if ends { end() }
            case .heldBack(let byte): open = (open ?? []) + [byte]
            case .blank:
                if !(open ?? [0]).allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
                    fault = "blank: \(open ?? [])"
                }
                open = nil
            case .malformed: malformed()
            }
        }
    }

    private mutating func end() {
        outcome.logs.append(open ?? [])
        open = nil
    }
}

extension SplitOracle {
    /// Everything that must hold for any message.
    ///
    /// - Parameter input: how to split, where to cut, then the message.
    /// - Returns: what does not hold.
    package static func fault(_ input: [UInt8]) -> String? {
        guard input.count >= 2 else { return nil }
        let split = [Split.lines, .array, .auto, .none][Int(input[0] & 3)]
        let message = Array(input.dropFirst(2))
        var cuts: [Int] = []
        var state = UInt32(input[1]) | 0x100
        var at = 0
        while input[1] > 0, at < message.count {
            state = state &* 1_664_525 &+ 1_013_904_223
            at += Int(state >> 16) % (2 + Int(input[0] >> 2)) + (cuts.count & 1)
            cuts.append(at)
        }
        return fault(message, split, cuts: cuts)
    }

    package static func fault(_ message: [UInt8], _ split: Split, cuts: [Int]) -> String? {
        switch SplitRun.outcome(message, split, cuts: cuts) {
        case .failure(let fault): return fault.text
        case .success(let outcome):
            let wanted = self.outcome(message, split)
            return outcome == wanted ? nil : "\(show(outcome)) instead of \(show(wanted))"
        }
    }

    private static func show(_ outcome: Outcome) -> String {
        "\(outcome.logs.map { String(decoding: $0, as: UTF8.self) })\(outcome.isMalformed ? " malformed" : "")"
    }
}
