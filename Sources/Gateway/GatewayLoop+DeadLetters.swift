import Crypto
import LogPipeline
import Reactor
import WebSocketWire

// What is told of refused logs, to a topic of their own. Nothing of it counts as a log.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// A log was refused; its bytes lie here, or as many as were seen.
    ///
    /// - Parameters:
    ///   - size: nil: these bytes are the whole log.
    ///   - limit: nil: what the reason is measured against.
    mutating func tellRefused(
        _ reason: DropReason,
        _ seen: UnsafeRawBufferPointer,
        size: Int? = nil,
        limit: Int? = nil,
        _ id: ConnectionID,
        _ state: borrowing ConnectionState
    ) {
        guard deadLetters.isOn, let plan = configuration.routes[state.route].deadLetters,
            deadLetters.admit(plan, at: reactor.now)
        else { return }
        let letter = DeadLetter(
            reason: reason,
            size: size ?? seen.count,
            isWhole: size == nil,
            limit: limit ?? self.limit(of: reason, route: state.route),
            route: configuration.routes[state.route].path,
            peer: peerText(id, state),
            digest: unsafe Self.digest(of: seen),
            content: unsafe Self.content(of: seen, plan)
        )
        send(letter, plan, lane: id.index & 63)
    }

    /// A whole log in the read buffer is too long.
    mutating func tellOverlong(
        _ source: UnsafeRawPointer,
        _ frame: DataFrame,
        _ id: ConnectionID,
        _ state: borrowing ConnectionState
    ) {
        guard deadLetters.isOn else { return }
        unsafe tellRefused(.maxLen, plain(source, frame.count, frame.mask), id, state)
    }

    /// A log turns out to be too long while it comes: whether anything is told of it is decided now, and who sent it.
    ///
    /// - Parameters:
    ///   - bytes: what came last of it.
    ///   - isDropped: false for one that was received before.
    mutating func beginOverlong(
        _ message: PartialMessage,
        _ bytes: UnsafeRawBufferPointer,
        isDropped: Bool,
        _ id: ConnectionID,
        _ state: borrowing ConnectionState
    ) {
        guard let overlong = message.overlong else { return }
        guard isDropped, let plan = configuration.routes[state.route].deadLetters,
            deadLetters.admit(plan, at: reactor.now)
        else {
            message.overlong = nil
            return
        }
        overlong.route = state.route
        overlong.peer = peerText(id, state)
        unsafe overlong.take(bytes)
    }

    /// No more of it comes.
    mutating func endOverlong(_ message: PartialMessage, _ id: ConnectionID) {
        guard let overlong = message.overlong else { return }
        message.overlong = nil
        guard let plan = configuration.routes[overlong.route].deadLetters else { return }
        let letter = DeadLetter(
            reason: .maxLen,
            size: overlong.size,
            isWhole: overlong.isWhole,
            limit: policies[overlong.route].maxLen,
            route: configuration.routes[overlong.route].path,
            peer: overlong.peer,
            digest: overlong.finish(),
            content: plan.contentBytes > 0 ? overlong.first : nil
        )
        send(letter, plan, lane: id.index & 63)
    }

    /// Records that Kafka did not take, as they were encoded. Who sent them is known only from their headers.
    mutating func tellRefused(_ batch: Batch) {
        guard deadLetters.isOn else { return }
        let routes = routes(to: batch.topic)
        guard let plan = routes.compactMap(\.deadLetters).first else { return }
        for drop in batch.drops {
            guard deadLetters.admit(plan, at: reactor.now) else { continue }
            let record = unsafe batch.records[drop.record]
            let payload = unsafe UnsafeRawBufferPointer(start: record.payload, count: Int(record.count))
            let source = batch.source(ofRecord: drop.record)
            let letter = DeadLetter(
                reason: drop.reason,
                size: payload.count,
                isWhole: true,
                limit: 0,
                route: routes.count == 1 ? routes[0].path : source?.text("sluice.path") ?? "",
                peer: source?.text("sluice.peer"),
                digest: unsafe Self.digest(of: payload),
                content: unsafe Self.content(of: payload, plan)
            )
            send(letter, plan, lane: drop.record & 63)
        }
    }

    /// Masked bytes of the read buffer without their mask; good until the next ones.
    func plain(_ source: UnsafeRawPointer, _ count: Int, _ mask: UInt32) -> UnsafeRawBufferPointer {
        let target = unsafe unmasked.start
        unsafe Masking.copy(from: source, to: target, count: count, mask: mask)
        return unsafe UnsafeRawBufferPointer(start: target, count: count)
    }

    private func peerText(_ id: ConnectionID, _ state: borrowing ConnectionState) -> String? {
        if let client = state.guest?.client { return client.description }
        let peer = reactor.peer(id)
        return peer?.ip?.description ?? peer?.description
    }

    private static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let digest = RunningDigest()
        unsafe digest.update(bytes)
        return digest.finish()
    }

    private static func content(of bytes: UnsafeRawBufferPointer, _ plan: DeadLetterPlan) -> [UInt8]? {
        plan.contentBytes > 0 ? unsafe Array(bytes.prefix(plan.contentBytes)) : nil
    }

    private mutating func send(_ letter: DeadLetter, _ plan: DeadLetterPlan, lane: Int) {
        // Nobody waits for these to be taken; a topic of which Kafka has not said a word yet takes nothing.
        if case .unhealthy("starting", _) = flusher.health(of: plan.topic) { return deadLetters.written(nil, plan) }
        refreshStamp()
        let text = letter.json(at: clock.unixMilliseconds())
        let topic = plan.topic.rawValue
        let target = unsafe writers[topic].reserve(text.count)
        unsafe text.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { unsafe target.copyMemory(from: base, byteCount: bytes.count) }
        }
        let admission = writers[topic].commit(text.count, kind: .text, codec: .raw, lane: lane, at: stamp)
        if case .accepted = admission {
            deadLetters.written(text.count, plan)
        } else {
            deadLetters.written(nil, plan)
        }
    }
}

extension RecordSource {
    fileprivate func text(_ name: String) -> String? {
        headers.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}
