internal import WebSocketWire

/// One log, made once, whose few changing bytes are written over for each message.
@safe struct LogTemplate: ~Copyable {
    /// Bytes of the log as it is now.
    private(set) var size: Int
    // Readable behind its end, as `Masking.copy` wants it.
    private let memory: UnsafeMutableRawPointer
    /// By size class.
    private let sizes: [Int]
    private let rests: [UInt64]
    /// Sums over what comes before connection and number, and which timestamp they are for.
    private var heads: [(sum: UInt64, moment: Int)]
    private var sizeClass = 0
    private var moment = 0
    private var number = 0
    /// What the closing stands in the place of.
    private var covered: UInt16 = 0

    /// - Parameters:
    ///   - run: 8 hexadecimal digits.
    ///   - sizes: of at least `LogForm.minSize`.
    init(run: [UInt8], sizes: SizeTable) {
        precondition(run.count == 8 && sizes.sizes.allSatisfy { $0 >= LogForm.minSize }, "no room for its name")
        var log: [UInt8] = []
        log.reserveCapacity(sizes.largest)
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
        log += Padding.text(sizes.largest - LogForm.paddingAt)
        let room = sizes.largest + Masking.padding
        let memory = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: room)
        unsafe log.withUnsafeBytes { unsafe memory.copyMemory(from: $0.baseAddress!, byteCount: sizes.largest) }
        unsafe self.memory = memory
        self.sizes = sizes.sizes
        rests = sizes.sizes.map { size in
            let covered = unsafe Self.close(memory, size)
            defer { unsafe memory.storeBytes(of: covered, toByteOffset: size - 2, as: UInt16.self) }
            return unsafe LogSum.rest(UnsafeRawBufferPointer(start: memory, count: size).bytes)
        }
        heads = sizes.sizes.map { _ in (0, -1) }
        size = sizes.sizes[0]
        covered = unsafe Self.close(memory, size)
    }

    deinit { unsafe memory.deallocate() }

    /// - Returns: what stood where the closing stands now.
    private static func close(_ memory: UnsafeMutableRawPointer, _ size: Int) -> UInt16 {
        let covered = unsafe memory.loadUnaligned(fromByteOffset: size - 2, as: UInt16.self)
        unsafe memory.storeBytes(of: UInt8(ascii: "\""), toByteOffset: size - 2, as: UInt8.self)
        unsafe memory.storeBytes(of: UInt8(ascii: "}"), toByteOffset: size - 1, as: UInt8.self)
        return covered
    }

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
        moment += 1
    }

    mutating func setConnection(_ connection: Int) {
        setDecimal(connection, at: LogForm.connectionAt, digits: LogForm.connectionDigits)
    }

    /// Of how many bytes it is from now on.
    mutating func setSizeClass(_ sizeClass: Int) {
        guard sizeClass != self.sizeClass else { return }
        unsafe memory.storeBytes(of: covered, toByteOffset: size - 2, as: UInt16.self)
        self.sizeClass = sizeClass
        size = sizes[sizeClass]
        covered = unsafe Self.close(memory, size)
    }

    /// Sets the number and, since it is what changes last, the sum.
    mutating func setNumber(_ number: Int) {
        if number == self.number + 1 {
            count()
        } else {
            setDecimal(number, at: LogForm.numberAt, digits: LogForm.numberDigits)
        }
        self.number = number
        let log = unsafe UnsafeRawBufferPointer(start: memory, count: size).bytes
        if heads[sizeClass].moment != moment { heads[sizeClass] = (LogSum.head(log, rest: rests[sizeClass]), moment) }
        let digits = Self.hexadecimal(LogSum.whole(log, head: heads[sizeClass].sum))
        unsafe memory.storeBytes(of: digits, toByteOffset: LogForm.sumAt, as: UInt64.self)
    }

    /// Makes the number one higher.
    private mutating func count() {
        var at = LogForm.numberAt + LogForm.numberDigits - 1
        while at >= LogForm.numberAt {
            let digit = unsafe memory.load(fromByteOffset: at, as: UInt8.self)
            guard digit == UInt8(ascii: "9") else {
                unsafe memory.storeBytes(of: digit + 1, toByteOffset: at, as: UInt8.self)
                return
            }
            unsafe memory.storeBytes(of: UInt8(ascii: "0"), toByteOffset: at, as: UInt8.self)
            at -= 1
        }
    }

    /// Eight lower-case digits as they stand in memory: half a byte each, ten to fifteen moved on to the letters.
    private static func hexadecimal(_ value: UInt32) -> UInt64 {
        var digits = UInt64(value)
        digits = digits & 0xFFFF | (digits & 0xFFFF_0000) << 16
        digits = digits & 0x00FF_0000_00FF | (digits & 0xFF00_0000_FF00) << 8
        digits = digits & 0x000F_000F_000F_000F | (digits & 0x00F0_00F0_00F0_00F0) << 4
        let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        let text = digits &+ 0x3030_3030_3030_3030 &+ letters &* UInt64(UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
        return text.bigEndian
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
