import LogPipeline
import Reactor
import WebSocketWire

// The short way of a log, for what nearly all messages are: whole in the read, one behind the other, and nothing but logs.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Whether a whole message of this connection is one log, of which nobody wants more than that it is relayed, or not
    /// even that.
    func arePlain(_ policy: RoutePolicy, _ state: borrowing ConnectionState) -> Bool {
        !policy.isApart && !policy.echoes && receiving == nil && state.source == nil
    }

    /// Takes messages for as long as they are plain and whole in the read; the reader goes on with what is anything else.
    /// - Returns: what ends the connection.
    @inline(__always)
    mutating func takePlain(
        _ bytes: RawSpan,
        _ base: UnsafeRawPointer,
        at offset: inout Int,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: borrowing ConnectionState
    ) -> ContentFault? {
        guard state.reader.isBetweenMessages else { return nil }
        return policy.topic >= 0
            ? unsafe plainLogs(bytes, base, at: &offset, policy, id, state)
            : unsafe plainMessages(bytes, base, at: &offset, policy, route: state.route)
    }

    /// What is counted with every log elsewhere is counted once here.
    private mutating func plainLogs(
        _ bytes: RawSpan,
        _ base: UnsafeRawPointer,
        at offset: inout Int,
        _ policy: RoutePolicy,
        _ id: ConnectionID,
        _ state: borrowing ConnectionState
    ) -> ContentFault? {
        let lane = id.index & 63
        let writer = unsafe writers.address(of: policy.topic)
        // Its own copy, or there would be one with every log.
        let stamp = stamp
        var accepted = 0
        var acceptedBytes = 0
        var behind = offset
        var fault: ContentFault?
        while let frame = FrameReader.wholeMessage(bytes, at: &behind) {
            // Four bytes may be the message `ping`, which is no log: the long way is for all of them.
            guard frame.count <= policy.maxLen, frame.count != 4 else { break }
            let target = unsafe writer.pointee.reserve(frame.count)
            unsafe unmask(base + frame.offset, frame, to: target, marking: !policy.isRaw)
            offset = behind
            var admission = Admission.invalidUTF8Text
            let isText = frame.kind.isText
            if unsafe !policy.isRaw || !isText || isUTF8(target, frame.count) {
                admission = unsafe writer.pointee.commit(
                    frame.count,
                    kind: isText ? .text : .binary,
                    codec: policy.codec,
                    lane: lane,
                    at: stamp,
                    isMarked: !policy.isRaw
                )
            }
            guard case .accepted = admission else {
                fault = unsafe refused(admission, target, frame.count, id, state, bytes: frame.count).fault
                if fault != nil { break }
                continue
            }
            accepted &+= 1
            acceptedBytes &+= frame.count
        }
        ledger.received(route: state.route, logs: accepted, bytes: acceptedBytes)
        return fault
    }

    /// The same on a route without output.
    private mutating func plainMessages(
        _ bytes: RawSpan,
        _ base: UnsafeRawPointer,
        at offset: inout Int,
        _ policy: RoutePolicy,
        route: Int
    ) -> ContentFault? {
        var passed = 0
        defer { ledger.receivedOnly(route: route, bytes: passed) }
        var behind = offset
        while let frame = FrameReader.wholeMessage(bytes, at: &behind) {
            guard frame.count <= policy.maxLen, frame.count != 4, frame.count > 0 else { break }
            offset = behind
            passed &+= frame.count
            guard unsafe isText(base + frame.offset, frame.count, frame.mask, frame.kind) else { return .notText }
        }
        return nil
    }

    @inline(__always)
    private func unmask(
        _ source: UnsafeRawPointer,
        _ frame: DataFrame,
        to target: UnsafeMutableRawPointer,
        marking: Bool
    ) {
        if marking {
            let marks = unsafe PaddedText.marks(target, count: frame.count)
            unsafe Masking.copyMarked(from: source, to: target, count: frame.count, mask: frame.mask, marks: marks)
        } else {
            unsafe Masking.copy(from: source, to: target, count: frame.count, mask: frame.mask)
        }
    }

    /// Whether a message may be called what it is called.
    func isText(_ source: UnsafeRawPointer, _ count: Int, _ mask: UInt32, _ kind: MessageKind) -> Bool {
        guard kind.isText else { return true }
        guard mask != 0, count > 0 else { return unsafe isUTF8(source, count) }
        // What has a mask lies in the read buffer, and so has room.
        let text = unsafe plain(source, count, mask)
        return unsafe isUTF8(UnsafeRawPointer(text.baseAddress.unsafelyUnwrapped), count)
    }

    func isUTF8(_ text: UnsafeRawPointer, _ count: Int) -> Bool {
        var utf8 = UTF8Validator()
        return unsafe utf8.consume(UnsafeRawBufferPointer(start: text, count: count)) && utf8.isComplete
    }
}
