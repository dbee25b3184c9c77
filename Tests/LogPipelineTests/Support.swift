import LogPipeline
import PolicyOracle

func judge(_ bytes: [UInt8], kind: PayloadKind = .text, codec: Codec = .json) -> Judgement {
    PolicyOracle.judge(bytes, kind: kind, codec: codec)
}

func judge(_ text: String, kind: PayloadKind = .text, codec: Codec = .json) -> Judgement {
    judge(Array(text.utf8), kind: kind, codec: codec)
}

/// The shape of a text that must be an object from its first byte.
func shape(_ text: String) -> JSONObjectShape? {
    PolicyOracle.withPadded(Array(text.utf8)) { padded in
        guard case .object(let shape) = JSONScanner.scan(padded, from: 0) else { return nil }
        return shape
    }
}

let morning = ArrivalStamp(monotonic: 1_000_000, unixMilliseconds: 1_795_247_360_123)
let morningText = "2026-11-21T07:49:20.123Z"

extension LogWriter {
    mutating func commit(
        _ bytes: [UInt8],
        kind: PayloadKind = .text,
        codec: Codec = .json,
        lane: Int = 0,
        at stamp: ArrivalStamp = morning
    ) -> Admission {
        let room = reserve(bytes.count)
        bytes.withUnsafeBytes { source in
            if let first = source.baseAddress { room.copyMemory(from: first, byteCount: source.count) }
        }
        return commit(bytes.count, kind: kind, codec: codec, lane: lane, at: stamp)
    }

    mutating func commit(
        _ text: String,
        kind: PayloadKind = .text,
        codec: Codec = .json,
        lane: Int = 0,
        at stamp: ArrivalStamp = morning
    ) -> Admission {
        commit(Array(text.utf8), kind: kind, codec: codec, lane: lane, at: stamp)
    }

    mutating func sealAll(partitions: Int = 1, now: UInt64 = 0) -> [Batch] {
        var batches: [Batch] = []
        seal(partitions: partitions, now: now) { batches.append($0) }
        return batches
    }

    mutating func settleAll(_ batches: [Batch]) {
        for batch in batches { settled(batch) }
    }
}

extension Batch {
    var texts: [String] {
        records.map { String(decoding: UnsafeRawBufferPointer(start: $0.payload, count: Int($0.count)), as: UTF8.self) }
    }

    func deliver() {
        if count > 0 { _ = settleDelivered(count) }
    }
}

func makeWriter(loop: Int = 0, _ change: (inout LogWriterConfiguration) -> Void = { _ in }) -> LogWriter {
    var configuration = LogWriterConfiguration()
    change(&configuration)
    return LogWriter(topic: TopicIndex(rawValue: 0), loop: loop, configuration: configuration)
}

/// A repeatable source of randomness (splitmix64's recurrence).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
