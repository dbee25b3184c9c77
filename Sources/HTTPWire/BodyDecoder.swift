internal import CZlib

/// Undoes a body's content coding as its pieces arrive. It holds zlib's state and window (some 40 KiB for gzip) and
/// nothing else, whatever comes out.
///
/// Bytes that come out are for the caller to count: gzip makes up to 1,032 of one.
@safe package final class BodyDecoder {
    package enum Step: Equatable, Sendable {
        /// All input is taken.
        case needInput
        /// The output is full: call again with room. There may be nothing left to put there.
        case needRoom
        /// Sticky.
        case corrupt(DecodingFault)
    }

    private enum State: Equatable {
        case within
        /// At the beginning, or after a member's trailer: another one may follow (RFC 1952 section 2.2).
        case between(hasBegun: Bool)
        case failed(DecodingFault)
    }

    private let coding: ContentCoding
    /// In a place of its own: zlib's state points back at it.
    private let stream: UnsafeMutablePointer<z_stream>?
    private var state = State.between(hasBegun: false)

    package init(coding: ContentCoding) {
        self.coding = coding
        guard coding == .gzip else {
            unsafe stream = nil
            return
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        unsafe self.stream = stream
        // 15: the largest window; 16 more: gzip and nothing else.
        let code = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if code != Z_OK { state = .failed(.noMemory) }
    }

    deinit {
        guard let stream = unsafe stream else { return }
        // Says no more than that there was nothing to give back, where init failed.
        _ = unsafe inflateEnd(stream)
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    /// Decodes from `taken` on into what is after `produced`, and moves both.
    package func decode(
        _ input: UnsafeRawBufferPointer,
        taken: inout Int,
        into output: UnsafeMutableRawBufferPointer,
        produced: inout Int
    ) -> Step {
        guard let stream = unsafe stream else {
            return unsafe copy(input, taken: &taken, into: output, produced: &produced)
        }
        while true {
            if case .failed(let fault) = state { return .corrupt(fault) }
            if case .between(let hasBegun) = state {
                guard taken < input.count else { return .needInput }
                if hasBegun { _ = unsafe inflateReset(stream) }
                state = .within
            }
            let before = (taken, produced)
            let code = unsafe inflate(stream, input, &taken, output, &produced)
            switch code {
            case Z_STREAM_END: state = .between(hasBegun: true)
            case Z_OK, Z_BUF_ERROR:
                if produced == output.count { return .needRoom }
                if taken == input.count { return .needInput }
                // Neither is exhausted, only more than 4 GiB of it were given, or zlib stands still.
                if before == (taken, produced) { state = .failed(.malformed) }
            case Z_MEM_ERROR: state = .failed(.noMemory)
            default: state = .failed(.malformed)
            }
        }
    }

    /// Whether the body may end here. An empty one may.
    package func finish() -> Bool {
        if case .between = state { true } else { false }
    }

    private func inflate(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: UnsafeRawBufferPointer,
        _ taken: inout Int,
        _ output: UnsafeMutableRawBufferPointer,
        _ produced: inout Int
    ) -> Int32 {
        let inputCount = UInt32(clamping: input.count - taken)
        let outputCount = UInt32(clamping: output.count - produced)
        // zlib takes no null, even with a count of 0.
        var nothing: UInt8 = 0
        return unsafe withUnsafeMutablePointer(to: &nothing) { nothing in
            let from = unsafe input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let to = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: from.map { unsafe $0 + taken } ?? UnsafePointer(nothing)
            )
            unsafe stream.pointee.avail_in = inputCount
            unsafe stream.pointee.next_out = to.map { unsafe $0 + produced } ?? nothing
            unsafe stream.pointee.avail_out = outputCount
            let code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            taken += unsafe Int(inputCount - stream.pointee.avail_in)
            produced += unsafe Int(outputCount - stream.pointee.avail_out)
            return code
        }
    }

    private func copy(
        _ input: UnsafeRawBufferPointer,
        taken: inout Int,
        into output: UnsafeMutableRawBufferPointer,
        produced: inout Int
    ) -> Step {
        let count = min(input.count - taken, output.count - produced)
        if count > 0 {
            let piece = unsafe UnsafeRawBufferPointer(rebasing: input[taken..<(taken + count)])
            unsafe UnsafeMutableRawBufferPointer(rebasing: output[produced...]).copyMemory(from: piece)
        }
        taken += count
        produced += count
        return taken == input.count ? .needInput : .needRoom
    }
}
