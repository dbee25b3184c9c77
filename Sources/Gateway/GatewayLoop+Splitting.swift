import LogPipeline
import Reactor
import WebSocketWire

// Messages of several logs: each is judged, committed, counted and dropped by itself.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// More of a message of several logs. What stands in front of a fault is relayed, wherever the bytes are cut.
    mutating func cut(
        _ bytes: UnsafeRawBufferPointer,
        ends: Bool,
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        ledger.receivedOnly(route: state.route, bytes: bytes.count)
        switch unsafe message.progress.ping(bytes, ends: ends) {
        case .undecided:
            message.progress.receive(bytes.count)
            return nil
        case .yes:
            keepAliveMessage(id, policy, &state)
            return nil
        case .no(let held):
            guard held > 0 else { break }
            let start = unsafe StreamProgress.pingText.utf8Start
            unsafe logs(UnsafeRawBufferPointer(start: start, count: held), message, policy, id, &state)
        }
        var (count, fault) = (bytes.count, ContentFault?.none)
        let room = max(0, policy.maxMessage - message.progress.received)
        if count > room { (count, fault) = (room, .overMaxMessage) }
        message.progress.receive(bytes.count)
        if message.kind.isText {
            let valid = unsafe message.progress.validCount(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            if valid < count { (count, fault) = (valid, .notText) }
        }
        unsafe logs(UnsafeRawBufferPointer(rebasing: bytes[..<count]), message, policy, id, &state)
        if let fault {
            if case .overMaxMessage = fault { overMaxMessage(message.progress.received, message, policy, id, &state) }
            return fault
        }
        guard ends else { return nil }
        if message.progress.received == 0 { overheadFrames &+= 1 }
        guard !message.kind.isText || message.progress.isCompleteUTF8 else { return .cutCharacter }
        lastLog(message, policy, id, &state)
        return nil
    }

    /// A message, or body, is over `max_message`: it counts as one log, unless the log it is in was counted already.
    mutating func overMaxMessage(
        _ count: Int,
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        if !message.isSkipping, !passes(0, size: count, route: state.route) {
            ledger.received(route: state.route, bytes: 0)
            ledger.dropped(.maxLen)
            sayDropped(.maxLen, size: count, id, route: state.route)
            unsafe tellRefused(.maxLen, message.bytes, size: count, limit: policy.maxMessage, id, state)
            message.progress.tally.drop(.maxLen)
        }
        dropMessage(id, &state)
    }

    private mutating func logs(
        _ bytes: UnsafeRawBufferPointer,
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard bytes.count > 0, !message.progress.isMalformed else { return }
        var splitter = message.progress.splitter
        defer { message.progress.splitter = splitter }
        let span = unsafe bytes.bytes
        var offset = 0
        while true {
            switch splitter.next(span, at: &offset) {
            case .needMore:
                return
            case .part(let range, let ends):
                let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
                unsafe self.part(part, ends: ends, message, policy, id, &state)
            case .heldBack(let byte):
                unsafe withUnsafeBytes(of: byte) {
                    unsafe part($0, ends: false, message, policy, id, &state)
                }
            case .blank:
                forgetLog(message, id)
            case .malformed:
                malformed(message, id, &state)
                return
            }
        }
    }

    private mutating func part(
        _ bytes: UnsafeRawBufferPointer,
        ends: Bool,
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        if ends, !message.progress.isWithinLog {
            return unsafe log(bytes, message, policy, id, &state)
        }
        message.progress.isWithinLog = true
        let before = message.count
        switch unsafe message.append(bytes, isChecked: true, limit: policy.maxLen, budget: &partial) {
        case .stored, .invalidUTF8:
            break
        case .skipped:
            if isNumbering { numbering.skip(bytes.count) }
            unsafe message.overlong?.take(bytes)
        case .passedMaxLen:
            partial.finished(slot: id.slot)
            let isDropped = overlong(before + bytes.count, policy, id, route: state.route)
            unsafe beginOverlong(message, bytes, isDropped: isDropped, id, state)
            message.progress.tally.drop(.maxLen)
        }
        if ends { endLog(message, policy, id, &state) }
    }

    /// The log of which parts were held is whole.
    private mutating func endLog(
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        if !message.isSkipping { unsafe log(message.bytes, message, policy, id, &state) }
        message.overlong?.isWhole = true
        forgetLog(message, id)
    }

    private mutating func forgetLog(_ message: PartialMessage, _ id: ConnectionID) {
        endOverlong(message, id)
        message.beginLog()
        message.progress.isWithinLog = false
    }

    /// A log that lies in one piece.
    private mutating func log(
        _ bytes: UnsafeRawBufferPointer,
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard bytes.count <= policy.maxLen else {
            let isDropped = overlong(bytes.count, policy, id, route: state.route)
            if isDropped { unsafe tellRefused(.maxLen, bytes, id, state) }
            return message.progress.tally.drop(.maxLen)
        }
        let target = unsafe writers[policy.topic].reserve(bytes.count)
        if let source = bytes.baseAddress { unsafe target.copyMemory(from: source, byteCount: bytes.count) }
        // The UTF-8 of the whole message is checked as it comes.
        let commitment = unsafe commit(target, bytes.count, message.kind, policy, id, &state, isChecked: true)
        message.progress.tally.note(commitment)
    }

    private mutating func lastLog(
        _ message: PartialMessage,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        guard !message.progress.isMalformed else { return }
        switch message.progress.splitter.end() {
        case .nothing: break
        case .log: endLog(message, policy, id, &state)
        case .malformed: malformed(message, id, &state)
        }
    }

    private mutating func malformed(_ message: PartialMessage, _ id: ConnectionID, _ state: inout ConnectionState) {
        message.progress.isMalformed = true
        let size = message.count
        let isPassed = passes(0, size: size, route: state.route)
        // The array that it is in is at fault, and where it would have ended is not known.
        if !isPassed { unsafe tellRefused(.invalidJSON, message.bytes, size: size, id, state) }
        forgetLog(message, id)
        if isPassed { return }
        ledger.received(route: state.route, bytes: 0)
        ledger.dropped(.invalidJSON)
        message.progress.tally.drop(.invalidJSON)
        sayDropped(.invalidJSON, size: size, id, route: state.route)
    }
}
