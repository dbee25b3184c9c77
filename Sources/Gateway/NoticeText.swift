import LogPipeline
import WebSocketWire

/// What a client of `sluice.v1` is told, as JSON.
struct NoticeText {
    private(set) var bytes: [UInt8] = []

    mutating func write(ack number: UInt64) {
        begin("{\"ack\":")
        write(number)
        write("}")
    }

    mutating func write(pause isPaused: Bool) { begin(isPaused ? "{\"pause\":true}" : "{\"pause\":false}") }

    mutating func write(_ drop: DropNotice) {
        begin("{\"drop\":{\"message\":")
        write(drop.message)
        write(",\"reason\":\"")
        bytes.append(contentsOf: drop.reason.label.utf8)
        write("\",\"size\":")
        write(UInt64(drop.size))
        if drop.limit > 0 {
            write(",\"limit\":")
            write(UInt64(drop.limit))
        }
        if !drop.records.isEmpty {
            write(",\"records\":")
            for (index, record) in drop.records.enumerated() {
                write(index == 0 ? "[" : ",")
                write(UInt64(record))
            }
            write("]")
        }
        if drop.others > 0 {
            write(",\"others\":")
            write(UInt64(drop.others))
        }
        write("}}")
    }

    /// As a text message.
    func append(to frames: inout [UInt8]) {
        unsafe FrameWriter.append(.text, bytes.span.bytes, to: &frames)
    }

    private mutating func begin(_ text: StaticString) {
        bytes.removeAll(keepingCapacity: true)
        write(text)
    }

    private mutating func write(_ text: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func write(_ number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
