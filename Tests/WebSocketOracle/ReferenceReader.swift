package import WebSocketWire

/// RFC 6455 section 5 in the simplest form: all bytes at once, one byte at a time, nothing fast.
package struct ReferenceReader {
    private struct End: Error {}
    private struct Violation: Error { let code: UInt16 }

    private let bytes: [UInt8]
    private let role: FrameReader.Role
    private let allowsCompression: Bool
    private var at = 0
    private var said: [Said] = []
    private var open: (kind: MessageKind, bytes: [UInt8], isCompressed: Bool)?

    package static func read(_ bytes: [UInt8], role: FrameReader.Role, allowsCompression: Bool = false) -> [Said] {
        var reader = ReferenceReader(bytes: bytes, role: role, allowsCompression: allowsCompression)
        return reader.run()
    }

    private init(bytes: [UInt8], role: FrameReader.Role, allowsCompression: Bool) {
        self.bytes = bytes
        self.role = role
        self.allowsCompression = allowsCompression
    }

    private mutating func run() -> [Said] {
        do {
            while try frame() {}
            return said
        } catch let violation as Violation {
            return said + [.violation(violation.code)]
        } catch {
            return said + (open.map { [.unfinished($0.kind, $0.bytes, isCompressed: $0.isCompressed)] } ?? [])
        }
    }

    private mutating func byte() throws -> UInt8 {
        guard at < bytes.count else { throw End() }
        at += 1
        return bytes[at - 1]
    }

    private mutating func number(_ count: Int) throws -> UInt64 {
        var number: UInt64 = 0
        for _ in 0..<count { number = number * 256 + UInt64(try byte()) }
        return number
    }

    private func demand(_ holds: Bool, _ code: UInt16 = 1002) throws {
        if !holds { throw Violation(code: code) }
    }

    /// - Returns: whether anything may follow.
    private mutating func frame() throws -> Bool {
        let first = try byte()
        let isFinal = first >= 0x80
        let opcode = first % 16
        let reserved = first / 16 % 8
        try demand(reserved == 0 || reserved == 4)
        try demand(reserved == 0 || (allowsCompression && [1, 2].contains(opcode)))
        try demand([0, 1, 2, 8, 9, 10].contains(opcode))
        try demand(opcode < 8 || isFinal)
        try demand(opcode >= 8 || (opcode == 0) == (open != nil))
        let second = try byte()
        try demand((second >= 0x80) == (role == .server))
        try demand(opcode < 8 || second % 128 < 126)
        let length = try length(UInt64(second % 128))
        var key: [UInt8] = [0, 0, 0, 0]
        if role == .server {
            for index in 0..<4 { key[index] = try byte() }
        }
        if opcode < 8 {
            try data(opcode, isFinal: isFinal, isCompressed: reserved == 4, length: length, key: key)
            return true
        }
        var payload: [UInt8] = []
        for index in 0..<Int(length) { payload.append(try byte() ^ key[index % 4]) }
        return try control(opcode, payload)
    }

    private mutating func length(_ short: UInt64) throws -> UInt64 {
        if short < 126 { return short }
        let length = try number(short == 126 ? 2 : 8)
        try demand(short == 126 ? length > 125 : length > 65_535)
        try demand(length < 1 << 63)
        return length
    }

    private mutating func data(
        _ opcode: UInt8,
        isFinal: Bool,
        isCompressed: Bool,
        length: UInt64,
        key: [UInt8]
    ) throws {
        if open == nil { open = (opcode == 1 ? .text : .binary, [], isCompressed) }
        var index: UInt64 = 0
        while index < length {
            let byte = try byte() ^ key[Int(index % 4)]
            open?.bytes.append(byte)
            index += 1
        }
        if isFinal, let message = open {
            said.append(.message(message.kind, message.bytes, isCompressed: message.isCompressed))
            open = nil
        }
    }

    private mutating func control(_ opcode: UInt8, _ payload: [UInt8]) throws -> Bool {
        switch opcode {
        case 9: said.append(.ping(payload))
        case 10: said.append(.pong(payload))
        default:
            try demand(payload.count != 1)
            guard payload.count > 1 else {
                said.append(.close(nil, []))
                return false
            }
            let code = UInt16(payload[0]) * 256 + UInt16(payload[1])
            let isAllowed = (1000...1014).contains(code) && ![1004, 1005, 1006].contains(code)
            try demand(isAllowed || (3000..<5000).contains(code))
            let reason = Array(payload[2...])
            try demand(Array(String(decoding: reason, as: UTF8.self).utf8) == reason, 1007)
            said.append(.close(code, reason))
            return false
        }
        return true
    }
}
