package import WebSocketWire

/// Feeds an `Inflater` as a loop may, cut anywhere and with any room, and holds it to its promises.
package struct InflaterRun {
    package enum Outcome: Equatable {
        case message([UInt8])
        /// What was written before.
        case corrupt([UInt8])
        /// The inflater broke a promise of its own.
        case fault(String)
    }

    /// How a message goes in.
    package struct Manner {
        /// Bytes of output at a time; 0 among them wants something else behind it.
        package var rooms: [Int] = [65_536]
        /// Where the payload is cut, in ascending order.
        package var cuts: [Int] = []
        /// Whether its last piece goes in by `inflateLast`.
        package var isLastKnown = false

        package init() {}

        package static func chance(_ count: Int, using random: inout SeededRandom) -> Manner {
            var manner = Manner()
            let small = [0, 1, 2, 7, 64, 258, 300, 4_096]
            let rooms = Bool.random(using: &random) ? small : [4_096, 65_536]
            manner.rooms = (0..<5).map { _ in rooms.randomElement(using: &random) ?? 1 } + [259]
            let cuts = Int.random(in: 0...6, using: &random)
            manner.cuts = (0..<cuts).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
            manner.isLastKnown = Bool.random(using: &random)
            return manner
        }
    }

    private let inflater: Inflater
    private let manner: Manner
    private var written: [UInt8] = []
    private var calls = 0

    /// Puts one whole message in.
    package static func message(_ payload: [UInt8], into inflater: Inflater, _ manner: Manner = Manner()) -> Outcome {
        var run = InflaterRun(inflater: inflater, manner: manner)
        return run.message(payload)
    }

    private init(inflater: Inflater, manner: Manner) {
        self.inflater = inflater
        self.manner = manner
    }

    private mutating func message(_ payload: [UInt8]) -> Outcome {
        var start = 0
        let ends = manner.cuts + [payload.count]
        for (index, end) in ends.enumerated() {
            var piece = Array(payload[start..<end])
            start = end
            let isLast = manner.isLastKnown && index == ends.count - 1
            if let outcome = isLast ? last(&piece) : feed(piece) { return outcome }
        }
        if manner.isLastKnown { return .message(written) }
        return until { inflater, output, produced in inflater.endMessage(into: output, produced: &produced) }
            ?? .message(written)
    }

    private mutating func feed(_ piece: [UInt8]) -> Outcome? {
        var taken = 0
        let outcome = piece.withUnsafeBytes { piece in
            until { inflater, output, produced in
                inflater.inflate(piece, taken: &taken, into: output, produced: &produced)
            }
        }
        return outcome ?? (taken == piece.count ? nil : .fault("input is wanted and not taken"))
    }

    private mutating func last(_ piece: inout [UInt8]) -> Outcome? {
        let count = piece.count
        var taken = 0
        piece += [UInt8](repeating: 0xEE, count: Inflater.tailCount)
        return piece.withUnsafeMutableBytes { room in
            let piece = UnsafeMutableRawBufferPointer(rebasing: room[..<count])
            return until { inflater, output, produced in
                inflater.inflateLast(piece, taken: &taken, into: output, produced: &produced)
            }
        }
    }

    /// - Returns: nil when no more room is wanted.
    private mutating func until(
        _ step: (Inflater, UnsafeMutableRawBufferPointer, inout Int) -> Inflater.Step
    ) -> Outcome? {
        var fruitless = 0
        while true {
            let count = manner.rooms[calls % manner.rooms.count]
            calls += 1
            // Of its own each time, so that the address sanitizer sees what is written behind it.
            let output = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
            defer { output.deallocate() }
            var produced = 0
            let step = step(inflater, output, &produced)
            guard (0...count).contains(produced) else { return .fault("\(produced) bytes in a room of \(count)") }
            written += output[..<produced]
            switch step {
            case .needInput: return nil
            case .corrupt: return .corrupt(written)
            case .needRoom:
                if produced < count { return .fault("room is wanted where there is some") }
                fruitless = count == 0 ? fruitless + 1 : 0
                if fruitless > manner.rooms.count { return .fault("no progress") }
            }
        }
    }
}
