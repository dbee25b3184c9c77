import LogPipeline
import Reactor
import WebSocketWire

// What is in a message that is looked at while it arrives: unmasked, inflated bytes, in order, wherever they are cut.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// How many times `max_len` a message may inflate to.
    static var bombFactor: Int { 100 }

    /// What comes next of a message.
    ///
    /// - Parameter ends: whether it is the last of it.
    /// - Returns: what ends the connection; the message is gone then.
    mutating func content(
        _ bytes: UnsafeRawBufferPointer,
        _ kind: MessageKind,
        ends: Bool,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        if ends, state.message == nil, !policy.isSplit {
            return unsafe whole(bytes, kind, policy, id, &state)
        }
        let message = message(of: id, &state, kind, policy, isWhole: ends)
        let fault =
            policy.isSplit
            ? unsafe cut(bytes, ends: ends, message, policy, id, &state)
            : unsafe join(bytes, ends: ends, message, policy, id, &state)
        if ends || fault != nil { dropMessage(id, &state) }
        return fault
    }

    /// The message that is under way, or a new one.
    ///
    /// - Parameter isWhole: whether it is over before anything else happens.
    mutating func message(
        of id: ConnectionID,
        _ state: inout ConnectionState,
        _ kind: MessageKind,
        _ policy: RoutePolicy,
        isWhole: Bool
    ) -> PartialMessage {
        if let message = state.message { return message }
        let message = newMessage(kind, policy)
        message.progress = StreamProgress(split: policy.split, kind: kind, isBody: false)
        state.message = message
        if !isWhole { scheduleMessage(id, &state) }
        return message
    }

    /// A compressed message that came at once, and is one log.
    private mutating func whole(
        _ bytes: UnsafeRawBufferPointer,
        _ kind: MessageKind,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        guard let source = bytes.baseAddress else { return nil }
        if kind.isText, bytes.count == 4, unsafe isPing(source, mask: 0) {
            ledger.receivedOnly(route: state.route, bytes: 4)
            keepAliveMessage(id, policy, &state)
            return nil
        }
        guard bytes.count <= policy.maxLen else {
            let isDropped = overlong(bytes.count, policy, id, route: state.route)
            if isDropped { unsafe tellRefused(.maxLen, bytes, id, state) }
            return bytes.count > policy.maxLen &* Self.bombFactor ? .bomb : nil
        }
        guard policy.topic >= 0 else {
            return unsafe replyOnly(source, bytes.count, 0, kind, policy, id, &state)
        }
        let target = unsafe writers[policy.topic].reserve(bytes.count)
        unsafe target.copyMemory(from: source, byteCount: bytes.count)
        return unsafe commit(target, bytes.count, kind, policy, id, &state).fault
    }

    /// More of a message that is one log.
    private mutating func join(
        _ bytes: UnsafeRawBufferPointer,
        ends: Bool,
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        message.progress.receive(bytes.count)
        if message.progress.isBody, message.progress.received > policy.maxMessage {
            overMaxMessage(message.progress.received, message, policy, id, &state)
            return .overMaxMessage
        }
        let before = message.count
        switch unsafe message.append(bytes, isChecked: false, limit: policy.maxLen, budget: &partial) {
        case .stored:
            break
        case .skipped:
            ledger.receivedOnly(route: state.route, bytes: bytes.count)
            if isNumbering { numbering.skip(bytes.count) }
            unsafe message.overlong?.take(bytes)
        case .passedMaxLen:
            partial.finished(slot: id.slot)
            let isDropped = overlong(before + bytes.count, policy, id, route: state.route)
            unsafe beginOverlong(message, bytes, isDropped: isDropped, id, state)
            message.progress.tally.drop(.maxLen)
        case .invalidUTF8:
            return .notText
        }
        if message.isSkipping {
            message.overlong?.isWhole = ends
            // A body has `max_message` for a bound.
            let isBomb = message.progress.received > policy.maxLen &* Self.bombFactor && !message.progress.isBody
            return isBomb ? .bomb : nil
        }
        guard ends else { return nil }
        guard message.isCompleteUTF8 else { return .cutCharacter }
        return unsafe collected(message.bytes, message.kind, policy, id, &state)
    }
}
