internal import WebSocketWire

/// One log, made once, whose few changing bytes are written over for each message.
@safe struct LogTemplate: ~Copyable {
    /// Bytes of the log.
    let size: Int
    // Readable behind its end, as `Masking.copy` wants it.
    private let memory: UnsafeMutableRawPointer
    private let restSum: UInt64

    /// - Parameters:
    ///   - run: 8 hexadecimal digits.
    ///   - size: bytes, at least `LogForm.minSize`.
    init(run: [UInt8], size: Int) {
        precondition(run.count == 8 && size >= LogForm.minSize, "a log has no room for its name")
        var log: [UInt8] = []
        log.reserveCapacity(size)
        log += LogForm.opening.bytes
        log += repeatElement(UInt8(ascii: "0"), count: LogForm.timestampSize)
        log += LogForm.middle.bytes
        log += run
        log += [UInt8(ascii: " ")]
        log += repeatElement(UInt8(ascii: "0"), count: LogForm.connectionDigits)
        log += [UInt8(ascii: " ")]
        log += repeatElement(UInt8(ascii: "0"), count: LogForm.numberDigits)
        log += [UInt8(ascii: " ")]
        log += repeatElement(UInt8(ascii: "0"), count: LogForm.paddingAt - LogForm.sumAt)
        for index in 0..<(size - LogForm.minSize) {
            log.append(index == 0 ? UInt8(ascii: " ") : UInt8(ascii: "a") + UInt8(truncatingIfNeeded: index % 26))
        }
        log += LogForm.closing.bytes
        self.size = size
        restSum = unsafe LogSum.rest(log.span.bytes)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size + Masking.padding, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size + Masking.padding)
        unsafe log.withUnsafeBytes { unsafe memory.copyMemory(from: $0.baseAddress!, byteCount: size) }
        unsafe self.memory = memory
    }

    deinit { unsafe memory.deallocate() }

    /// The log as it is now, valid until the template goes away, with `Masking.padding` readable bytes behind it.
    var start: UnsafeRawPointer { unsafe UnsafeRawPointer(memory) }

    /// The log as it is now.
    var bytes: [UInt8] { unsafe Array(UnsafeRawBufferPointer(start: memory, count: size)) }

    /// - Parameter text: `LogForm.timestampSize` bytes.
    mutating func setTimestamp(_ text: [UInt8]) {
        precondition(text.count == LogForm.timestampSize, "a timestamp of another form")
        unsafe text.withUnsafeBytes {
            unsafe (memory + LogForm.timestampAt).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
    }

    mutating func setConnection(_ connection: Int) {
        setDecimal(connection, at: LogForm.connectionAt, digits: LogForm.connectionDigits)
    }

    /// Sets the number and, since it is what changes last, the sum.
    mutating func setNumber(_ number: Int) {
        setDecimal(number, at: LogForm.numberAt, digits: LogForm.numberDigits)
        var sum = unsafe LogSum.whole(UnsafeRawBufferPointer(start: memory, count: size).bytes, rest: restSum)
        var at = LogForm.paddingAt
        while at > LogForm.sumAt {
            at -= 1
            let digit = UInt8(truncatingIfNeeded: sum & 15)
            let text = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            unsafe memory.storeBytes(of: text, toByteOffset: at, as: UInt8.self)
            sum >>= 4
        }
    }

    private mutating func setDecimal(_ value: Int, at start: Int, digits: Int) {
        var rest = UInt64(value)
        var at = start + digits
        while at > start {
            at -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            unsafe memory.storeBytes(of: UInt8(ascii: "0") + UInt8(digit), toByteOffset: at, as: UInt8.self)
            rest = quotient
        }
    }
}

extension StaticString {
    var bytes: [UInt8] { withUTF8Buffer { unsafe Array($0) } }
}
