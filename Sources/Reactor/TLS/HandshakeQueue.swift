/// Connections whose handshake has something to work on: the newest first. Under overload those that waited longest
/// have given up already, and serving them first would let all others give up too.
struct HandshakeQueue {
    private var waiting: [ConnectionID] = []

    var count: Int { waiting.count }
    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ id: ConnectionID) { waiting.append(id) }

    mutating func next() -> ConnectionID? { waiting.popLast() }
}
