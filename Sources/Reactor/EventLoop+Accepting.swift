/// A listener as its loop holds it.
final class LoopListener {
    /// nil once accepting has stopped.
    var listener: Listener?
    let descriptor: Int32
    let interest: Interest
    var rules: ListenerRules
    var isArmed = false

    init(_ listener: consuming Listener, _ rules: ListenerRules) {
        self.rules = rules
        descriptor = listener.descriptor
        interest = listener.isShared ? [.reading, .exclusive] : .reading
        self.listener = consume listener
    }
}

extension EventLoop where P: ~Copyable, T: ~Copyable {
    /// Accepts from a listener from now on.
    ///
    /// `accepted` comes as soon as a connection stands; a PROXY header and the TLS handshake are dealt with in here,
    /// and `readable` comes when there are bytes for the owner.
    ///
    /// - Parameters:
    ///   - security: of what the connections speak TLS with; nil: plain bytes.
    ///   - proxies: whose connections must begin with a PROXY header, others being closed; a unix socket's may always
    ///     come. nil: no header is looked for.
    /// - Returns: the index that `accepted` reports.
    @discardableResult package mutating func listen(
        _ listener: consuming Listener,
        security: TLSContext? = nil,
        proxies: [IPRange]? = nil
    ) -> Int {
        listeners.append(LoopListener(listener, ListenerRules(security: security, proxies: proxies)))
        arm(listeners.count - 1)
        return listeners.count - 1
    }

    /// Connections accepted from now on speak TLS with another context. Those that are there keep theirs.
    /// - Precondition: the listener was given a context.
    package mutating func setSecurity(_ context: TLSContext, listener: Int) {
        precondition(listeners[listener].rules.security != nil, "a listener does not begin to speak TLS")
        listeners[listener].rules.security = context
    }

    /// Connections accepted from now on may come from these proxies.
    /// - Precondition: the listener was given some.
    package mutating func setProxies(_ proxies: [IPRange], listener: Int) {
        precondition(listeners[listener].rules.proxies != nil, "a listener does not begin to be behind proxies")
        listeners[listener].rules.proxies = proxies
    }

    /// Accepts once more what waits in the queues, then closes the listeners. Connections stay.
    package mutating func stopAccepting() {
        isLastAccept = listeners.contains { $0.listener != nil }
        if let seat { seat.group.stopAccepting(seat.index) }
    }

    /// Whether the listeners rest because descriptors or memory have run out.
    package var isAcceptingPaused: Bool { gate.isPaused }

    mutating func armListeners() {
        for index in listeners.indices where !listeners[index].isArmed { arm(index) }
    }

    private mutating func arm(_ index: Int) {
        let entry = listeners[index]
        guard entry.listener != nil, !(areSecureListenersResting && entry.rules.security != nil) else { return }
        do throws(Errno) {
            try poller.add(entry.descriptor, entry.interest, token: UInt64(index + 1))
            entry.isArmed = true
        } catch {
            exhausted(error)
        }
    }

    /// Removes rather than masks: an exclusive entry cannot be changed, and a listener may be open elsewhere too.
    private mutating func disarmListeners(onlySecure: Bool = false) {
        for entry in listeners where entry.isArmed && !(onlySecure && entry.rules.security == nil) {
            poller.remove(entry.descriptor)
            entry.isArmed = false
        }
    }

    /// Leaves new connections with the kernel while more handshakes wait than can be done soon.
    mutating func restSecureListeners() {
        if !areSecureListenersResting, handshakes.count >= limits.waitingHandshakes {
            areSecureListenersResting = true
            disarmListeners(onlySecure: true)
        } else if areSecureListenersResting, handshakes.count <= limits.waitingHandshakes / 2 {
            areSecureListenersResting = false
            if !gate.isPaused { armListeners() }
        }
    }

    private mutating func exhausted(_ error: Errno) {
        disarmListeners()
        gate.exhausted(at: now)
        counters.acceptsPaused += 1
        counters.acceptError = error
    }

    /// One accepted connection, as long as this wake-up's share lasts.
    mutating func acceptNext() -> LoopEvent? {
        while acceptsLeft > 0 {
            acceptsLeft -= 1
            let descriptor = listeners[accepting].descriptor
            switch poller.accept(from: descriptor) {
            case .accepted(let endpoint):
                gate.succeeded()
                counters.acceptError = nil
                if let event = place(endpoint) { return event }
            case .wouldBlock:
                acceptsLeft = 0
            case .skipped:
                counters.acceptFailures += 1
            case .exhausted(let error):
                counters.acceptFailures += 1
                acceptsLeft = 0
                counters.shed += poller.shed(from: descriptor, atMost: limits.acceptsPerTick)
                exhausted(error)
            }
        }
        return nil
    }

    /// Keeps a connection, or hands it to a loop that has far fewer.
    private mutating func place(_ endpoint: P.Endpoint) -> LoopEvent? {
        let rules = listeners[accepting].rules
        if let seat, let other = seat.group.placement(from: seat.index),
            seat.group.hand(endpoint, listener: accepting, rules, to: other)
        {
            counters.handedOver += 1
            return nil
        }
        guard let event = adopt(endpoint, listener: accepting, rules) else { return nil }
        seat?.group.changed(seat?.index ?? 0, by: 1)
        return event
    }

    /// Owns the connection from the first line on, so that no failure leaks its descriptor.
    mutating func adopt(_ endpoint: P.Endpoint, listener: Int, _ rules: ListenerRules) -> LoopEvent? {
        let transport = T(endpoint)
        let descriptor = transport.descriptor
        let id = insert(transport, ConnectionState(phase: .open, armed: .reading))
        do throws(Errno) {
            try poller.add(descriptor, .reading, token: id.token)
        } catch {
            counters.acceptFailures += 1
            release(id)
            return nil
        }
        counters.accepted += 1
        if rules.security != nil || rules.proxies != nil { addLayer(id, rules) }
        return .accepted(id, listener: listener)
    }

    /// Empties each queue, then closes its listener.
    mutating func lastAccepts() -> LoopEvent? {
        while cursor < listeners.count {
            if listeners[cursor].listener == nil {
                cursor += 1
                continue
            }
            if acceptsLeft == 0 {
                accepting = cursor
                acceptsLeft = .max
            }
            if let event = acceptNext() { return event }
            if listeners[cursor].isArmed {
                poller.remove(listeners[cursor].descriptor)
                listeners[cursor].isArmed = false
            }
            listeners[cursor].listener = nil
            cursor += 1
        }
        isLastAccept = false
        enter(.pending)
        return nil
    }
}
