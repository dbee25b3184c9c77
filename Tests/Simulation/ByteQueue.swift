/// Bytes in order, taken from the front.
struct ByteQueue {
    private var bytes: [UInt8] = []
    private var head = 0

    var count: Int { bytes.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    mutating func take(_ wanted: Int) -> ArraySlice<UInt8> {
        let end = head + min(wanted, count)
        let taken = bytes[head..<end]
        head = end
        if head == bytes.count { removeAll() }
        return taken
    }

    mutating func removeAll() {
        bytes = []
        head = 0
    }
}
