import LogPipeline
import WebSocketWire

/// What is not whole yet: a message that the end of a read, or fragmentation, has cut, or a log that is cut in a
/// message of several. Its bytes until it is whole, or only their number once it is past `max_len`.
///
/// Owned by one connection of one loop. The memory is the only thing a connection keeps of a message.
@safe final class PartialMessage {
    private(set) var kind: MessageKind
    /// Monotonic nanoseconds of the first byte.
    var startedAt: UInt64
    /// How far the message has come, if it is inflated or holds several logs.
    var progress = StreamProgress()
    /// Bytes held.
    private(set) var count = 0
    /// Bytes reserved of the budget; 0 once the message is skipped.
    private(set) var reserved = 0
    /// Where the frame that is being read ends within the message.
    private var frameEnd = 0
    /// Past `max_len`: counted already, nothing more is stored.
    private(set) var isSkipping = false
    /// How many bytes of a log that is passed over are to be told; -1: nothing is told of it.
    var wantedOfRefused = -1
    /// What is to be told of the log that is passed over.
    var overlong: OverlongLog?
    private var utf8 = UTF8Validator()
    private var storage: UnsafeMutableRawPointer?
    /// Bytes that `storage` has room for.
    private var capacity = 0

    /// What a message keeps when it is gone, so that the next one needs no memory of its own: every read of a busy
    /// connection ends within a message.
    static let keptCapacity = 64 * 1024

    init(kind: MessageKind, startedAt: UInt64) {
        self.kind = kind
        self.startedAt = startedAt
    }

    deinit { unsafe storage?.deallocate() }

    enum Appending {
        case stored
        /// The message has passed `max_len` with these bytes.
        case passedMaxLen
        case skipped
        case invalidUTF8
    }

    /// The bytes so far; valid until the next call.
    var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: storage, count: count)
    }

    var isCompleteUTF8: Bool { kind == .binary || utf8.isComplete }

    /// How many bytes it may grow without reserving more, capped by the limit.
    func headroom(limit: Int) -> Int { isSkipping ? .max : (reserved >= limit ? .max : reserved - count) }

    /// Takes a piece.
    ///
    /// - Parameters:
    ///   - source: where the masked payload lies, with `Masking.padding` readable bytes behind it.
    ///   - limit: `max_len`.
    func append(
        from source: UnsafeRawPointer,
        piece: MessagePiece,
        limit: Int,
        budget: inout PartialBudget
    ) -> Appending {
        if isSkipping { return .skipped }
        if count == frameEnd {
            guard piece.declared <= UInt64(limit - count) else {
                skip(&budget)
                return .passedMaxLen
            }
            let isFirstFrame = frameEnd == 0
            frameEnd = count + Int(piece.declared)
            reserve(frameEnd, limit: limit, exactly: isFirstFrame, budget: &budget)
        }
        guard piece.count > 0, let storage = unsafe storage else { return .stored }
        let target = unsafe storage + count
        unsafe Masking.copy(from: source, to: target, count: piece.count, mask: piece.mask)
        count += piece.count
        return unsafe check(target, piece.count)
    }

    /// Takes what comes next of a message or log whose length nobody has announced.
    ///
    /// - Parameters:
    ///   - isChecked: whether its UTF-8 is somebody else's business.
    func append(
        _ content: UnsafeRawBufferPointer,
        isChecked: Bool,
        limit: Int,
        budget: inout PartialBudget
    ) -> Appending {
        if isSkipping { return .skipped }
        guard content.count <= limit - count else {
            skip(&budget)
            return .passedMaxLen
        }
        reserve(count + content.count, limit: limit, exactly: false, budget: &budget)
        guard let source = content.baseAddress, let storage = unsafe storage else { return .stored }
        let target = unsafe storage + count
        unsafe target.copyMemory(from: source, byteCount: content.count)
        count += content.count
        return isChecked ? .stored : unsafe check(target, content.count)
    }

    private func check(_ added: UnsafeMutableRawPointer, _ count: Int) -> Appending {
        guard kind == .text else { return .stored }
        return unsafe utf8.consume(UnsafeRawBufferPointer(start: added, count: count)) ? .stored : .invalidUTF8
    }

    /// Makes it a new message, in the memory of the one before.
    func begin(kind: MessageKind, startedAt: UInt64) {
        self.kind = kind
        self.startedAt = startedAt
        utf8 = UTF8Validator()
        progress = StreamProgress()
        beginLog()
    }

    /// Makes it the next log of its message, which keeps what is reserved.
    func beginLog() {
        count = 0
        frameEnd = 0
        isSkipping = false
    }

    /// Gives the reservation back, and memory that is more than worth keeping.
    func release(_ budget: inout PartialBudget) {
        budget.release(reserved)
        reserved = 0
        count = 0
        if capacity > Self.keptCapacity { free() }
    }

    // Nothing reserved and memory kept all the same would add up over the connections that skip.
    private func skip(_ budget: inout PartialBudget) {
        if wantedOfRefused >= 0 {
            overlong = OverlongLog(wanted: wantedOfRefused)
            unsafe overlong?.take(bytes)
        }
        release(&budget)
        free()
        isSkipping = true
    }

    private func free() {
        unsafe storage?.deallocate()
        unsafe storage = nil
        capacity = 0
    }

    // A frame says how long it is, so its message is reserved at once: malloc touches no page before it is written.
    // Of a fragmented message nobody knows the end: it doubles.
    private func reserve(_ needed: Int, limit: Int, exactly: Bool, budget: inout PartialBudget) {
        if needed > reserved {
            let wanted = exactly ? needed : min(limit, max(needed, reserved * 2, 4_096))
            budget.reserve(wanted - reserved)
            reserved = wanted
        }
        // Room even for nothing, so that a message of zero bytes lies somewhere.
        guard unsafe storage == nil || capacity < reserved else { return }
        let grown = UnsafeMutableRawPointer.allocate(byteCount: reserved + Masking.padding, alignment: 16)
        if let old = unsafe storage {
            unsafe grown.copyMemory(from: old, byteCount: count)
            unsafe old.deallocate()
        }
        unsafe storage = grown
        capacity = reserved
    }
}
