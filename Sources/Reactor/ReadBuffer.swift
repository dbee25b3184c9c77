/// Where a loop reads to: one for all of its connections, lent to whoever parses.
///
/// Readable on both sides of what was received, so that vectors may be loaded whole: `frontPadding` bytes before it
/// and `backPadding` bytes behind.
///
/// Best a local variable beside its loop: the compiler takes a span into one property of a struct for a use of the
/// whole struct, which then could not touch its loop meanwhile.
@safe package struct ReadBuffer: ~Copyable {
    /// Bytes in front of the data that belong to the buffer.
    package static let frontPadding = 32
    /// Bytes behind the data that belong to the buffer.
    package static let backPadding = 64

    /// Bytes that one `receive` can bring.
    package let capacity: Int
    private let allocation: UnsafeMutableRawPointer

    package init(capacity: Int = 64 * 1024) {
        precondition(capacity > 0, "a buffer of no bytes would read as the end of the stream")
        self.capacity = capacity
        let size = Self.frontPadding + capacity + Self.backPadding
        unsafe allocation = .allocate(byteCount: size, alignment: 64)
        unsafe allocation.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit { unsafe allocation.deallocate() }

    /// The data's first byte; what it points to is overwritten by the next `receive`.
    package var start: UnsafeMutableRawPointer {
        unsafe allocation + Self.frontPadding
    }

    /// The first bytes of the data, as many as the last `receive` said.
    @_lifetime(borrow self)
    package func bytes(_ count: Int) -> RawSpan {
        precondition(count <= capacity, "more bytes than the buffer holds")
        let bytes = unsafe UnsafeRawBufferPointer(start: allocation + Self.frontPadding, count: count)
        return unsafe _overrideLifetime(bytes.bytes, borrowing: self)
    }

    var writable: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: allocation + Self.frontPadding, count: capacity)
    }
}
