internal import CVector

/// Masking and unmasking, which are the same (RFC 6455 section 5.3).
///
/// A mask is the four bytes of the masking key as they stand on the wire, loaded in the machine's byte order, so that
/// its first byte in memory belongs to the payload's first byte. A mask of 0 changes nothing.
@usableFromInline
package enum Masking {
    /// How many bytes behind both ends of a copy must be readable and writable.
    package static let padding = 64
    /// Bytes that `copy` takes at a time.
    private static let step = 32

    /// Copies `count` bytes and unmasks them on the way, 32 at a time.
    ///
    /// Up to 31 bytes behind `count` are read at the source and overwritten at the target: without a tail loop
    /// a log of 200 bytes costs a fifth of what it costs byte by byte. The two are the same place or do not overlap.
    @inlinable
    @inline(__always)
    package static func copy(
        from source: UnsafeRawPointer,
        to target: UnsafeMutableRawPointer,
        count: Int,
        mask: UInt32
    ) {
        let key = SIMD8<UInt32>(repeating: mask)
        var at = 0
        while at < count {
            let block = unsafe source.loadUnaligned(fromByteOffset: at, as: SIMD8<UInt32>.self)
            unsafe target.storeBytes(of: block ^ key, toByteOffset: at, as: SIMD8<UInt32>.self)
            at &+= 32
        }
    }

    /// The same, 64 bytes at a time, with marks on the copy: one bit for each byte, the first one's lowest, that says
    /// whether it is anything but a plain character of a JSON string: a quote, a backslash, a control character, not ASCII.
    ///
    /// Up to 63 bytes behind `count` are read at the source and overwritten at the target.
    /// - Parameter marks: 8 bytes for each 64, and 8 more, wherever they lie: the byte behind the last one is marked.
    package static func copyMarked(
        from source: UnsafeRawPointer,
        to target: UnsafeMutableRawPointer,
        count: Int,
        mask: UInt32,
        marks: UnsafeMutableRawPointer
    ) {
        unsafe cv_copy_marked(target, source, count, mask, marks)
    }

    /// The mask as it applies to what follows `count` bytes.
    package static func turned(_ mask: UInt32, by count: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: count & 3) &* 8
        let wire = UInt32(littleEndian: mask)
        // Overflow shifts go by 32 at most, so that nothing moves when `bits` is 0.
        return UInt32(littleEndian: wire &>> bits | wire &<< (32 &- bits))
    }

    /// Masks or unmasks in place what stands in `bytes` from `start` on.
    package static func apply(_ mask: UInt32, to bytes: inout [UInt8], from start: Int) {
        unsafe bytes.withUnsafeMutableBytes { all in
            let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: all[start...])
            let whole = bytes.count & ~(step - 1)
            if let base = bytes.baseAddress {
                unsafe copy(from: base, to: base, count: whole, mask: mask)
            }
            for index in whole..<bytes.count {
                unsafe bytes[index] ^= byte(of: mask, at: index)
            }
        }
    }

    /// The byte of the mask that belongs to the payload's byte number `index`.
    static func byte(of mask: UInt32, at index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: UInt32(littleEndian: mask) &>> UInt32(truncatingIfNeeded: (index & 3) &* 8))
    }
}
