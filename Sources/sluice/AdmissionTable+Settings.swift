import Admission
import Gateway
import Settings

extension AdmissionTable {
    /// `origins`, `auth` and `limits` of the settings; files of tokens and keys are read here. By a listener that is leaving
    /// nobody comes in when its files are gone.
    ///
    /// - Throws: everything that is wrong, at once.
    init(_ settings: Settings) throws(ConfigurationFaults) {
        let deciders = try AdmissionDeciders(settings)
        self.init(
            settings.listeners.indices.map { listener in
                settings.routes.indices.map { route in
                    let rule = settings.rule(listener: listener, route: route)
                    return Rule(policy: deciders.policy(rule), limits: ConnectionLimits(rule.limits))
                }
            }
        )
    }
}

/// What decides, made once for each place where the settings have it.
private struct AdmissionDeciders {
    private var origins: [Access.Level: OriginRules] = [:]
    private var authenticators: [Access.Level: Authenticator] = [:]

    init(_ settings: Settings) throws(ConfigurationFaults) {
        var faults: [ConfigurationFault] = []
        for (level, access) in settings.accessByLevel {
            do throws(AdmissionError) {
                if let patterns = access.origins { origins[level] = try OriginRules(patterns) }
            } catch {
                faults.append(ConfigurationFault(error, at: level, access))
            }
            do throws(AdmissionError) {
                if case .required(let credentials) = access.auth {
                    authenticators[level] = try Authenticator(AuthConfiguration(credentials))
                }
            } catch {
                guard !settings.isLeaving(level) else {
                    authenticators[level] = .nobody
                    continue
                }
                faults.append(ConfigurationFault(error, at: level, access))
            }
        }
        guard faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
    }

    /// What a rule names has been made: one that were missing would be an open door.
    func policy(_ rule: Access.Rule) -> AdmissionPolicy {
        AdmissionPolicy(
            origins: rule.origins.map { origins[$0.level]! },
            authenticator: rule.credentials.map { authenticators[$0.level]! }
        )
    }
}

extension Settings {
    /// Whether the listener with this level stays only until the restart.
    fileprivate func isLeaving(_ level: Access.Level) -> Bool {
        guard case .listener(let index) = level else { return false }
        return listeners[index].isLeaving
    }

    /// Every place where `origins`, `auth` and `limits` can stand.
    var accessByLevel: [(level: Access.Level, access: Access)] {
        [(.top, access)] + listeners.enumerated().map { (.listener($0), $1.access) }
            + routes.enumerated().map { (.route($0), $1.access) }
    }
}

extension ConfigurationFault {
    init(_ error: AdmissionError, at level: Access.Level, _ access: Access) {
        switch error {
        case .origin: self.init(setting: level.key("origins"), detail: error.description)
        case .file(let path, let problem):
            var name = "auth.tokens_file"
            if case .required(let credentials) = access.auth, credentials.tokensFile != path {
                name = "auth.jwt.jwks_file"
            }
            self.init(setting: level.key(name), detail: "\(path): \(problem)")
        case .setting(let key, let problem): self.init(setting: level.key("auth.\(key)"), detail: problem)
        }
    }
}

extension AuthConfiguration {
    init(_ credentials: Credentials) {
        self.init(
            tokens: credentials.tokens.map { NamedToken(name: $0.name, token: $0.token.value) },
            tokensFile: credentials.tokensFile,
            basic: credentials.basic.map { BasicUser(username: $0.username, password: $0.password.value) },
            jwt: credentials.jwt.map(JWTConfiguration.init),
            cookie: credentials.cookie
        )
    }
}

extension JWTConfiguration {
    init(_ jwt: Credentials.JWT) {
        self.init(
            jwksFile: jwt.jwksFile,
            secret: jwt.secret?.value,
            issuer: jwt.issuer,
            audience: jwt.audience,
            leeway: Int(jwt.leeway.components.seconds)
        )
    }
}

extension ConnectionLimits {
    /// What nobody says has its default.
    init(_ limits: Limits) {
        self.init()
        connections = limits.connections ?? connections
        connectionsPerAddress = limits.connectionsPerAddress ?? connectionsPerAddress
        connectionsPerToken = limits.connectionsPerToken ?? connectionsPerToken
        logsPerSecond = limits.logsPerSecond ?? logsPerSecond
        bytesPerSecond = limits.bytesPerSecond ?? bytesPerSecond
        tokenLogsPerSecond = limits.tokenLogsPerSecond ?? tokenLogsPerSecond
        tokenBytesPerSecond = limits.tokenBytesPerSecond ?? tokenBytesPerSecond
        overheadFramesPerSecond = limits.overheadFramesPerSecond ?? overheadFramesPerSecond
    }
}
