import Reactor
import WebSocketWire

/// What is left of a read when a connection has used up what may be inflated in one tick, or has not read which of its
/// messages were dropped. The connection is not read until it is done.
@safe final class Carry {
    /// Bytes of it.
    let count: Int
    /// What comes next.
    var offset = 0
    /// The frame, or part of one, whose bytes come next and are to be inflated.
    var piece: StreamPiece?
    /// How many bytes are reserved for it.
    var reserved = 0
    /// In which tick it was last worked on.
    var tick: Int
    let base: UnsafeMutableRawPointer

    /// - Parameter bytes: are copied.
    init(_ bytes: UnsafeRawBufferPointer, tick: Int) {
        count = bytes.count
        self.tick = tick
        unsafe base = .allocate(byteCount: count + Masking.padding, alignment: 16)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count + Masking.padding)
        if let source = bytes.baseAddress { unsafe base.copyMemory(from: source, byteCount: count) }
    }

    deinit { unsafe base.deallocate() }
}
