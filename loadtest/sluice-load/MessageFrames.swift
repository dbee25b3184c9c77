internal import Reactor
internal import WebSocketWire

/// Turns logs into masked frames, ready to be sent.
@safe struct MessageFrames: ~Copyable {
    private static let maskSize = 4

    private let form: MessageForm
    private let sizes: SizeTable
    /// By size class.
    private let layouts: [FrameLayout]
    private var output: UnsafeMutableRawPointer
    private var capacity = 64 * 1024
    private var used = 0
    private var masks: MaskSource
    private var template: LogTemplate
    /// Where messages are put together that are joined or compressed.
    private var payload: [UInt8] = []
    private var compressed: [UInt8] = []
    private var pieces: [UInt8] = []
    private let deflater = Deflater(level: 1, memoryLevel: 5)
    /// Bytes of the logs since `removeAll`.
    private(set) var logBytes = 0

    /// - Parameter run: the 8 digits that its logs have.
    init(_ form: MessageForm, sizes: SizeTable, run: [UInt8], masks: MaskSource) {
        self.form = form
        self.sizes = sizes
        self.masks = masks
        layouts = sizes.sizes.map { FrameLayout(form, size: $0) }
        template = LogTemplate(run: run, sizes: sizes)
        unsafe output = .allocate(byteCount: capacity + Masking.padding, alignment: 64)
    }

    deinit { unsafe output.deallocate() }

    /// Of the logs that are written from now on.
    mutating func setTimestamp(_ text: [UInt8]) { template.setTimestamp(text) }

    /// Hands what has been put together since `removeAll` to a connection.
    func send(to connection: ConnectionID, of loop: inout SocketLoop) {
        unsafe loop.send(connection, UnsafeRawBufferPointer(start: output, count: used).bytes)
    }

    /// The same as an array.
    var bytes: [UInt8] { unsafe Array(UnsafeRawBufferPointer(start: output, count: used)) }

    mutating func removeAll() {
        used = 0
        logBytes = 0
    }

    /// Appends logs of a connection, in messages as the form has them.
    ///
    /// - Parameter deflate: what was agreed on; nil where nothing is compressed.
    mutating func append(_ numbers: ClosedRange<Int>, of connection: Int, deflate: DeflateParameters?) {
        template.setConnection(connection)
        if form.joining != .single {
            join(numbers, connection)
            appendPayload(deflate)
        } else if let deflate {
            for number in numbers {
                payload.removeAll(keepingCapacity: true)
                set(number, connection)
                appendTemplate()
                appendPayload(deflate)
            }
        } else {
            for number in numbers {
                let sizeClass = set(number, connection)
                appendFrames(layouts[sizeClass])
            }
        }
    }

    @discardableResult private mutating func set(_ number: Int, _ connection: Int) -> Int {
        let sizeClass = sizes.sizeClass(connection: connection, number: number)
        template.setSizeClass(sizeClass)
        template.setNumber(number)
        logBytes += template.size
        return sizeClass
    }

    /// Appends a message, masked anew (RFC 6455 section 5.3).
    private mutating func appendFrames(_ layout: FrameLayout) {
        reserve(layout.size)
        for frame in layout.frames {
            let mask = form.mask ?? masks.next()
            unsafe layout.headers.withUnsafeBytes {
                unsafe (output + used).copyMemory(from: $0.baseAddress! + frame.header, byteCount: frame.headerSize)
            }
            used += frame.headerSize
            unsafe output.storeBytes(of: mask, toByteOffset: used - Self.maskSize, as: UInt32.self)
            unsafe Masking.copy(
                from: template.start + frame.start,
                to: output + used,
                count: frame.count,
                mask: mask
            )
            used += frame.count
        }
    }

    private mutating func join(_ numbers: ClosedRange<Int>, _ connection: Int) {
        payload.removeAll(keepingCapacity: true)
        if form.joining == .array { payload.append(UInt8(ascii: "[")) }
        for number in numbers {
            if form.joining == .array, number > numbers.lowerBound { payload.append(UInt8(ascii: ",")) }
            set(number, connection)
            appendTemplate()
            if form.joining == .lines { payload.append(UInt8(ascii: "\n")) }
        }
        if form.joining == .array { payload.append(UInt8(ascii: "]")) }
    }

    private mutating func appendTemplate() {
        unsafe payload.append(contentsOf: UnsafeRawBufferPointer(start: template.start, count: template.size))
    }

    /// Appends what stands in `payload` as one message.
    private mutating func appendPayload(_ deflate: DeflateParameters?) {
        var message = payload
        if let deflate {
            compressed.removeAll(keepingCapacity: true)
            unsafe payload.withUnsafeBytes { bytes in
                unsafe deflater.compress(bytes, windowBits: deflate.clientWindowBits, into: &compressed)
            }
            message = compressed
        }
        pieces.removeAll(keepingCapacity: true)
        var at = 0
        repeat {
            let count = min(form.fragment ?? message.count, message.count - at)
            unsafe FrameWriter.append(
                at == 0 ? form.opcode : .continuation,
                isFinal: at + count == message.count,
                isCompressed: at == 0 && deflate != nil,
                message.span.bytes.extracting(at..<(at + count)),
                mask: form.mask ?? masks.next(),
                to: &pieces
            )
            at += count
        } while at < message.count
        reserve(pieces.count)
        unsafe pieces.withUnsafeBytes {
            unsafe (output + used).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
        used += pieces.count
    }

    private mutating func reserve(_ count: Int) {
        guard used + count > capacity else { return }
        let larger = max(capacity * 2, used + count)
        let target = UnsafeMutableRawPointer.allocate(byteCount: larger + Masking.padding, alignment: 64)
        unsafe target.copyMemory(from: output, byteCount: used)
        unsafe output.deallocate()
        unsafe output = target
        capacity = larger
    }
}
