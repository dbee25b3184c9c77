/// What stands between a connection's bytes and its owner: a PROXY header, TLS, or one behind the other.
final class StreamLayer {
    enum Stage: UInt8 {
        /// A PROXY header is to come.
        case header
        /// TLS is being agreed on.
        case handshake
        /// TLS is there.
        case open
        /// The same, and the peer has said that nothing follows (close_notify).
        case ended
        /// Behind a PROXY header, without TLS.
        case plain
    }

    var stage: Stage
    /// nil: plain bytes.
    let context: TLSContext?
    /// From a whole ClientHello on, and until closing: who begins and says no more costs the bytes that it sent.
    var session: TLSSession?
    /// On servers, what comes before there is a session.
    var hello = ClientHelloReader()
    var header: ProxyHeaderReader?
    /// Whom the PROXY header named.
    var client: PeerAddress?
    /// On outgoing connections, who is meant.
    let serverName: String?
    /// Received and not yet taken, by TLS or by the owner.
    var held: [UInt8] = []
    /// Whether something for the owner may be here that the poller does not know of.
    var hasUnread = false
    /// Plaintext to be sent; encrypted when it leaves, so that small pieces share a record.
    var plaintext = OutputQueue()
    /// Bytes that TLS has answered by itself since nothing was left to send.
    var answered = 0
    var fault: TLSFault?

    init(accepting rules: ListenerRules) {
        context = rules.security
        stage = rules.proxies == nil ? .handshake : .header
        header = rules.proxies == nil ? nil : ProxyHeaderReader()
        serverName = nil
    }

    init(connecting context: TLSContext, to serverName: String) {
        self.context = context
        self.serverName = serverName
        stage = .handshake
    }

    deinit { plaintext.deallocate() }

    var hasSession: Bool { session != nil }
    var isServer: Bool { serverName == nil }

    /// Keeps what was received and TLS has not taken.
    func keep(_ rest: UnsafeRawBufferPointer) {
        unsafe held = Array(rest)
        hasUnread = !held.isEmpty || session?.hasPending ?? false
    }

    /// What the handshake has found out, once it is over.
    var facts: TLSFacts? { stage == .open || stage == .ended ? session?.facts : nil }
}
