/// What a control frame carries: at most 125 bytes (RFC 6455 section 5.5), held inline.
package struct ControlPayload: Sendable {
    /// The most that fits, in bytes.
    package static let capacity = 125

    private var storage = [125 of UInt8](repeating: 0)
    private var used: UInt8 = 0

    /// A payload of no bytes.
    package init() {}

    /// The payload, or nil when there are more than 125 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.capacity else { return nil }
        for byte in bytes { append(byte) }
    }

    /// Bytes in use.
    package var count: Int { Int(used) }
    package var isEmpty: Bool { used == 0 }

    /// The byte at `index`, which must be less than `count`.
    package subscript(index: Int) -> UInt8 {
        precondition(index < count, "behind the end of a control payload")
        return storage[index]
    }

    package var bytes: [UInt8] { (0..<count).map { storage[$0] } }

    func dropFirst(_ dropped: Int) -> ControlPayload {
        var rest = ControlPayload()
        for index in min(dropped, count)..<count { rest.append(storage[index]) }
        return rest
    }

    /// - Precondition: fewer than 125 bytes are in use.
    mutating func append(_ byte: UInt8) {
        storage[count] = byte
        used &+= 1
    }
}

extension ControlPayload: Equatable {
    package static func == (one: ControlPayload, other: ControlPayload) -> Bool {
        one.count == other.count && (0..<one.count).allSatisfy { one.storage[$0] == other.storage[$0] }
    }
}
