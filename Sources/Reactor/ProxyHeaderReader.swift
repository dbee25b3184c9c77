/// What became of the bytes given to a `ProxyHeaderReader`.
package enum ProxyHeaderEvent: Equatable, Sendable {
    /// All bytes are taken; the header is not whole.
    case needMore
    /// The header is whole; the connection's own bytes are from the offset on. Sticky.
    case header(ProxyHeader)
    /// Close without an answer. Sticky.
    case refused(ProxyHeaderFault)
}

/// Reads the header of the PROXY protocol, version 1 or 2, whatever the cuts
/// (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt).
///
/// A header that cannot become one is refused at its first wrong byte, so that a client which came without a proxy
/// does not wait for a deadline. It holds the header's bytes until it is whole, and none after.
package struct ProxyHeaderReader: Sendable {
    private enum State {
        case beginning
        case line
        /// Of so many bytes in all, once known.
        case block(length: Int)
        case over(ProxyHeaderEvent)
    }

    private var state = State.beginning
    private var held: [UInt8] = []

    package init() {}

    /// Takes bytes from `offset` on and moves it past what it took, never past the end of the header.
    package mutating func next(_ bytes: RawSpan, at offset: inout Int) -> ProxyHeaderEvent {
        while true {
            if case .over(let event) = state { return event }
            guard offset < bytes.byteCount else { return .needMore }
            do throws(ProxyHeaderFault) {
                if let header = try take(bytes, at: &offset) { finish(.header(header)) }
            } catch {
                finish(.refused(error))
            }
        }
    }

    private mutating func finish(_ event: ProxyHeaderEvent) {
        state = .over(event)
        held = []
    }

    private mutating func take(_ bytes: RawSpan, at offset: inout Int) throws(ProxyHeaderFault) -> ProxyHeader? {
        append(bytes, at: &offset)
        switch state {
        case .beginning: try begin()
        case .line: return try ProxyLine.header(ofBeginning: held)
        case .block, .over: break
        }
        guard case .block(let length) = state else { return nil }
        while held.count < length, offset < bytes.byteCount { append(bytes, at: &offset) }
        // At once, though nothing follows: who checks the health of a server may send no more than this.
        return held.count == length ? try ProxyBlock.header(of: held) : nil
    }

    private mutating func append(_ bytes: RawSpan, at offset: inout Int) {
        unsafe held.append(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        offset += 1
    }

    private mutating func begin() throws(ProxyHeaderFault) {
        if ProxyLine.beginning.starts(with: held) {
            if held.count == ProxyLine.beginning.count { state = .line }
        } else if let length = try ProxyBlock.length(ofBeginning: held) {
            state = .block(length: length)
        }
    }
}
