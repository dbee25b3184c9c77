/// What was asked for, where nothing was asked for completed by what the profile does.
extension Arguments {
    var batch: Int { givenBatch ?? profile.batch }
    var fragment: Int? { givenFragment ?? profile.fragment }
    var window: Int? { givenWindow ?? profile.window }
    var reconnectDelay: UInt64? { givenReconnect ?? profile.reconnectDelay }
    var pingInterval: UInt64? { givenPing ?? profile.pingInterval }
    var offersDeflate: Bool { asksForDeflate || profile.offersDeflate }

    var subprotocols: [String] {
        profile == .ack && !givenSubprotocols.contains("sluice.v1")
            ? ["sluice.v1"] + givenSubprotocols : givenSubprotocols
    }

    /// Nanoseconds that idle connections are kept.
    var idleTime: UInt64 { duration ?? 10_000_000_000 }

    /// What the handshake carries beside its own; a header that was given takes the place of the profile's.
    var headers: [HeaderField] {
        var own = profile.headers
        if profile == .browser { own.append(HeaderField(name: "Origin", value: url.origin)) }
        if let token { own.append(HeaderField(name: "Authorization", value: "Bearer \(token)")) }
        let given = Set(givenHeaders.map { $0.name.lowercased() })
        return own.filter { !given.contains($0.name.lowercased()) } + givenHeaders
    }
}
