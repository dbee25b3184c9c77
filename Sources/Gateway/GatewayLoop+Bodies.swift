import LogPipeline
import Reactor
import WebSocketWire

// The body of a request goes the way of a message: the same policy, counters, bounds and splitting. Nothing is
// answered on that way. The connection's `route` and `topic` are set before.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// A body begins.
    ///
    /// - Parameters:
    ///   - kind: text must be UTF-8 as a whole; of a binary one each log is judged.
    ///   - split: how it becomes logs, when it is not for the route to say.
    mutating func beginBody(
        _ kind: MessageKind,
        split: Split? = nil,
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) {
        dropMessage(id, &state)
        let message = newMessage(kind, policies[state.route])
        message.progress = StreamProgress(split: split ?? policies[state.route].split, kind: kind, isBody: true)
        state.message = message
    }

    /// More of the body, decoded, in order, wherever it is cut.
    ///
    /// - Returns: what ends the body; what was relayed of it stands.
    mutating func feedBody(
        _ bytes: UnsafeRawBufferPointer,
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) -> ContentFault? {
        guard let message = state.message else { return nil }
        return unsafe content(bytes, message.kind, ends: false, bodyPolicy(message, state), id, &state)
    }

    /// The body is whole.
    ///
    /// - Returns: what became of its logs, and what is wrong with its end.
    mutating func endBody(
        of id: ConnectionID,
        _ state: inout ConnectionState
    ) -> (tally: MessageTally, fault: ContentFault?) {
        guard let message = state.message else { return (MessageTally(), nil) }
        let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        let policy = bodyPolicy(message, state)
        let fault = unsafe content(nothing, message.kind, ends: true, policy, id, &state)
        return (message.progress.tally, fault)
    }

    private func bodyPolicy(_ message: PartialMessage, _ state: borrowing ConnectionState) -> RoutePolicy {
        var policy = policies[state.route]
        policy.echoes = false
        policy.split = message.progress.split
        return policy
    }
}
