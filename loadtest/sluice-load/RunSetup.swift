internal import Reactor

/// What all loops of a run share, found out before the first one starts.
struct RunSetup: Sendable {
    let arguments: Arguments
    let plan: LoadPlan
    /// All of the host's; the first that answers is taken.
    let addresses: [SocketAddress]
    /// This machine's, in turns; none: the kernel's choice.
    let sources: [SocketAddress]
    /// Nil for `ws://`.
    let security: TLSContext?
    /// The 8 digits that tell this run's logs from others.
    let run: [UInt8]
    let sizes: SizeTable

    init(
        _ arguments: Arguments,
        addresses: [SocketAddress],
        sources: [SocketAddress] = [],
        security: TLSContext? = nil,
        run: [UInt8]
    ) {
        self.arguments = arguments
        self.addresses = addresses
        self.sources = sources
        self.security = security
        self.run = run
        plan = LoadPlan(arguments)
        sizes = SizeTable(arguments.size, seed: arguments.seed)
    }

    var schedule: Schedule { Schedule(plan, arguments.arrivals, seed: arguments.seed) }

    /// Whom the certificate must be for; nil where the URL has a number.
    var serverName: String? { IPAddress(arguments.url.host) == nil ? arguments.url.host : nil }
}

extension RunSetup {
    /// Asks the resolver and reads files.
    ///
    /// - Throws: `UsageError` for files and addresses of the command line, `ResolveError` for the host.
    init(_ arguments: Arguments, run: [UInt8]) throws {
        var sources: [SocketAddress] = []
        for source in arguments.sources {
            guard let address = try? SocketAddress.resolve(host: source, port: 0, numericOnly: true).first else {
                throw UsageError.badSource(source)
            }
            sources.append(address)
        }
        let security = try Self.security(arguments)
        let addresses = try SocketAddress.resolve(host: arguments.url.host, port: arguments.url.port)
        self.init(arguments, addresses: addresses, sources: sources, security: security, run: run)
    }

    private static func security(_ arguments: Arguments) throws(UsageError) -> TLSContext? {
        guard arguments.url.isSecure else { return nil }
        var configuration = TLSClientConfiguration()
        configuration.certificateAuthorities = arguments.authorities.map { [$0] } ?? []
        configuration.verifies = !arguments.isInsecure
        if let certificate = arguments.certificate, let key = arguments.key {
            configuration.certificate = TLSServerConfiguration.Certificate(
                certificate: certificate,
                key: key,
                passphrase: nil
            )
        }
        do throws(TLSError) {
            return try TLSContext.client(configuration)
        } catch {
            throw .unusable("\(error)")
        }
    }
}
