import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

// The way of a log: bytes of a read, frames, the arena of its topic.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    mutating func consume(_ bytes: RawSpan, of id: ConnectionID, _ state: inout ConnectionState) {
        var offset = 0
        if state.requests != nil {
            requests(bytes, at: &offset, of: id, &state)
            guard state.phase == .open, mayGoOn(bytes, offset, id, &state) else { return }
        }
        if state.inflation != nil { allowance.begin(tick: reactor.counters.ticks) }
        unsafe bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return }
            unsafe frames(bytes, base, from: offset, of: id, &state)
        }
    }

    /// - Parameter base: where `bytes` begin; the unmasking copy reads past their end, into the buffer's padding.
    mutating func frames(
        _ bytes: RawSpan,
        _ base: UnsafeRawPointer,
        from start: Int,
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        var offset = start
        let policy = policy(of: state)
        let arePlain = arePlain(policy, state)
        while true {
            if arePlain, let fault = unsafe takePlain(bytes, base, at: &offset, policy, id, state) {
                return fail(id, &state, fault.code, fault.reason)
            }
            switch state.reader.next(bytes, at: &offset) {
            case .message(let frame):
                if frame.isCompressed || policy.isApart {
                    guard unsafe apart(base + frame.offset, frame, policy, id, &state) else {
                        return unsafe left(bytes, base, offset, id, &state)
                    }
                } else if let fault = unsafe message(base + frame.offset, frame, policy, id, &state) {
                    return fail(id, &state, fault.code, fault.reason)
                }
            case .piece(let piece):
                if piece.declared < Self.leastFragment, !piece.ends { overheadFrames &+= 1 }
                if piece.isCompressed || policy.isApart {
                    guard unsafe apart(base + piece.offset, piece, policy, id, &state) else {
                        return unsafe left(bytes, base, offset, id, &state)
                    }
                } else if let fault = unsafe self.piece(base + piece.offset, piece, policy, id, &state) {
                    return fail(id, &state, fault.code, fault.reason)
                }
            case .needMore:
                return
            case .ping(let payload):
                overheadFrames &+= 1
                pong(id, payload, &state)
            case .pong:
                overheadFrames &+= 1
            case .close(let frame):
                peerCloses(id, frame, &state)
                return
            case .violation(let code, let reason):
                fail(id, &state, code, reason)
                return
            }
        }
    }

    /// The connection is read no further now; what is left waits for the next tick.
    mutating func left(
        _ bytes: RawSpan,
        _ base: UnsafeRawPointer,
        _ offset: Int,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        let all = unsafe UnsafeRawBufferPointer(start: base, count: bytes.byteCount)
        if let rest = unfinished {
            unfinished = nil
            unsafe carry(all, from: offset - rest.count, rest, id, &state)
        } else if isFullOfDrops {
            isFullOfDrops = false
            if offset < all.count { unsafe carry(all, from: offset, nil, id, &state) }
        }
    }

    /// A whole message that lies in the read buffer.
    /// - Returns: what ends the connection.
    mutating func message(
        _ source: UnsafeRawPointer,
        _ frame: DataFrame,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        if unsafe isPing(source, frame) {
            ledger.receivedOnly(route: state.route, bytes: frame.count)
            keepAliveMessage(id, policy, &state)
            return nil
        }
        guard frame.count <= policy.maxLen else {
            let isDropped = overlong(frame.count, policy, id, route: state.route)
            if isDropped { unsafe tellOverlong(source, frame, id, state) }
            return nil
        }
        guard policy.topic >= 0 else {
            return unsafe replyOnly(source, frame.count, frame.mask, frame.kind, policy, id, &state)
        }
        let target = unsafe writers[policy.topic].reserve(frame.count)
        unsafe Masking.copy(from: source, to: target, count: frame.count, mask: frame.mask)
        return unsafe commit(target, frame.count, frame.kind, policy, id, &state).fault
    }

    /// Part of a message that is fragmented, or cut by the end of a read.
    mutating func piece(
        _ source: UnsafeRawPointer,
        _ piece: MessagePiece,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        if piece.begins {
            state.message = newMessage(piece.kind, policy)
            scheduleMessage(id, &state)
        }
        guard let message = state.message else { return nil }
        let before = message.count
        switch unsafe message.append(from: source, piece: piece, limit: policy.maxLen, budget: &partial) {
        case .stored:
            break
        case .skipped:
            ledger.receivedOnly(route: state.route, bytes: piece.count)
            if isNumbering { numbering.skip(piece.count) }
            if let overlong = message.overlong { unsafe overlong.take(plain(source, piece.count, piece.mask)) }
        case .passedMaxLen:
            partial.finished(slot: id.slot)
            let isDropped = overlong(before + piece.count, policy, id, route: state.route)
            if message.overlong != nil {
                unsafe beginOverlong(message, plain(source, piece.count, piece.mask), isDropped: isDropped, id, state)
            }
        case .invalidUTF8:
            return .notText
        }
        guard piece.ends else { return nil }
        message.overlong?.isWhole = true
        defer { dropMessage(id, &state) }
        guard !message.isSkipping else { return nil }
        guard message.isCompleteUTF8 else { return .cutCharacter }
        return unsafe collected(message.bytes, message.kind, policy, id, &state)
    }

    mutating func newMessage(_ kind: MessageKind, _ policy: RoutePolicy) -> PartialMessage {
        let message: PartialMessage
        if let spare = spareMessages.popLast() {
            spare.begin(kind: kind, startedAt: reactor.now)
            message = spare
        } else {
            message = PartialMessage(kind: kind, startedAt: reactor.now)
        }
        message.wantedOfRefused = policy.wantedOfRefused
        return message
    }

    /// Sees to it that somebody looks when a message should be whole.
    mutating func scheduleMessage(_ id: ConnectionID, _ state: inout ConnectionState) {
        let interval = policies[state.route].pingInterval
        // The next ping's deadline sees to the message as well, when it comes early enough.
        if interval == 0 || interval > configuration.messageTimeout { schedule(id, &state) }
    }

    /// A message that was put together piece by piece is whole.
    mutating func collected(
        _ bytes: UnsafeRawBufferPointer,
        _ kind: MessageKind,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        guard let source = bytes.baseAddress else { return nil }
        let isBody = state.message?.progress.isBody ?? false
        if kind.isText, bytes.count == 4, !isBody, unsafe isPing(source, mask: 0) {
            ledger.receivedOnly(route: state.route, bytes: 4)
            keepAliveMessage(id, policy, &state)
            return nil
        }
        guard policy.topic >= 0 else {
            return unsafe replyOnly(source, bytes.count, 0, kind, policy, id, &state)
        }
        let target = unsafe writers[policy.topic].reserve(bytes.count)
        unsafe target.copyMemory(from: source, byteCount: bytes.count)
        // Its UTF-8 was checked as it came.
        let commitment = unsafe commit(target, bytes.count, kind, policy, id, &state, isChecked: true)
        state.message?.progress.tally.note(commitment)
        return commitment.fault
    }

    /// Judges the bytes in the arena, counts, echoes.
    mutating func commit(
        _ target: UnsafeMutableRawPointer,
        _ count: Int,
        _ kind: MessageKind,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState,
        isChecked: Bool = false
    ) -> Commitment {
        if policy.isRaw, kind.isText, !isChecked {
            guard unsafe isUTF8(target, count) else { return .notText }
        }
        if policy.isNumbered, passes(policy.isSplit ? 0 : count, size: count, route: state.route) { return .accepted }
        // The echo is taken before the arena's copy may get its timestamp.
        let isEchoed = policy.echoes && mayEcho(id, state)
        if isEchoed {
            scratch.removeAll(keepingCapacity: true)
            FrameWriter.header(kind.opcode, count: count).append(to: &scratch)
            let start = scratch.count
            unsafe scratch.append(contentsOf: UnsafeRawBufferPointer(start: target, count: count))
            if count >= Self.leastCompressed { compressScratch(kind, from: start, state) }
        }
        let payloadKind: PayloadKind = kind.isText ? .text : .binary
        let lane = id.index & 63
        // The bytes of a message of several logs are counted as they come.
        let bytes = policy.isSplit ? 0 : count
        // Nothing is lent and given back for a log that nobody asks about.
        let isTraced = state.source != nil || receiving != nil
        let admission =
            isTraced
            ? commitTraced(count, payloadKind, policy.codec, lane, state)
            : writers[policy.topic].commit(count, kind: payloadKind, codec: policy.codec, lane: lane, at: stamp)
        guard case .accepted = admission else {
            return unsafe refused(admission, target, count, id, state, bytes: bytes)
        }
        ledger.received(route: state.route, logs: 1, bytes: bytes)
        if isEchoed {
            sendScratch(id, &state)
        } else if policy.echoes {
            counters.echoesSkipped += 1
        }
        return .accepted
    }

    /// A log that its writer has not accepted.
    /// - Parameter bytes: those that were not counted as they came.
    @inline(never)
    mutating func refused(
        _ admission: Admission,
        _ target: UnsafeRawPointer,
        _ count: Int,
        _ id: ConnectionID,
        _ state: borrowing ConnectionState,
        bytes: Int
    ) -> Commitment {
        guard case .dropped(let reason) = admission else { return .notText }
        ledger.received(route: state.route, logs: 1, bytes: bytes)
        ledger.dropped(reason)
        if count == 0 { overheadFrames &+= 1 }
        sayDropped(reason, size: count, id, route: state.route)
        unsafe tellRefused(reason, UnsafeRawBufferPointer(start: target, count: count), id, state)
        return .dropped(reason)
    }

    /// A log whose record says where it comes from, or whose sender waits to hear of it.
    @inline(never)
    private mutating func commitTraced(
        _ count: Int,
        _ kind: PayloadKind,
        _ codec: Codec,
        _ lane: Int,
        _ state: borrowing ConnectionState
    ) -> Admission {
        var receipt = receiving
        if isNumbering, let owner = receiving?.owner { receipt = numbering.receipt(owner: owner) }
        let admission = writers[state.topic].commit(
            count,
            kind: kind,
            codec: codec,
            lane: numbering.lane ?? lane,
            at: stamp,
            source: state.source,
            receipt: receipt
        )
        if isNumbering, case .accepted = admission { numbering.committed() }
        return admission
    }

    /// A message of a route without output.
    mutating func replyOnly(
        _ source: UnsafeRawPointer,
        _ count: Int,
        _ mask: UInt32,
        _ kind: MessageKind,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        ledger.receivedOnly(route: state.route, bytes: count)
        if count == 0 { overheadFrames &+= 1 }
        guard policy.echoes else { return unsafe isText(source, count, mask, kind) ? nil : .notText }
        scratch.removeAll(keepingCapacity: true)
        FrameWriter.header(kind.opcode, count: count).append(to: &scratch)
        let start = scratch.count
        unsafe scratch.append(contentsOf: UnsafeRawBufferPointer(start: source, count: count))
        Masking.apply(mask, to: &scratch, from: start)
        if kind.isText {
            var utf8 = UTF8Validator()
            guard unsafe utf8.consume(scratch.span.bytes.extracting(start...)), utf8.isComplete else {
                return .notText
            }
        }
        guard mayEcho(id, state) else {
            counters.echoesSkipped += 1
            return nil
        }
        if count >= Self.leastCompressed { compressScratch(kind, from: start, state) }
        sendScratch(id, &state)
        return nil
    }

    /// A message is past `max_len`.
    /// - Returns: whether it counts as dropped.
    mutating func overlong(_ count: Int, _ policy: RoutePolicy, _ id: ConnectionID, route: Int) -> Bool {
        guard policy.topic >= 0 else {
            ledger.receivedOnly(route: route, bytes: count)
            return false
        }
        if passes(policy.isSplit ? 0 : count, size: count, route: route) { return false }
        ledger.received(route: route, bytes: policy.isSplit ? 0 : count)
        ledger.dropped(.maxLen)
        sayDropped(.maxLen, size: count, id, route: route)
        return true
    }

    /// Whether a frame is the message `ping`.
    func isPing(_ source: UnsafeRawPointer, _ frame: DataFrame) -> Bool {
        unsafe frame.count == 4 && frame.kind.isText && isPing(source, mask: frame.mask)
    }

    /// Whether four bytes of text are the message `ping`.
    func isPing(_ source: UnsafeRawPointer, mask: UInt32) -> Bool {
        let word = unsafe source.loadUnaligned(as: UInt32.self) ^ mask
        return UInt32(littleEndian: word) == 0x676E_6970
    }
}
