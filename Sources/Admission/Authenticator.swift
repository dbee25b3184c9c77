/// Knows whose credentials are good, as of when its files were read.
package struct Authenticator: Sendable {
    private let finder: CredentialFinder
    private let tokens: SecretTable
    private let users: SecretTable
    private let jwt: JWTVerifier?

    /// Reads the files.
    package init(_ configuration: AuthConfiguration) throws(AdmissionError) {
        let hasTokens = !configuration.tokens.isEmpty || configuration.tokensFile != nil
        guard hasTokens || !configuration.basic.isEmpty || configuration.jwt != nil else {
            throw .setting(
                key: "tokens",
                problem: "is missing, and so are tokens_file, basic and jwt: nobody could come in"
            )
        }
        try Authenticator.checkCookie(configuration.cookie)
        tokens = try Authenticator.tokens(configuration)
        users = try Authenticator.users(configuration.basic)
        jwt = if let settings = configuration.jwt { try JWTVerifier(settings) } else { nil }
        finder = CredentialFinder(
            takesTokens: hasTokens || configuration.jwt != nil,
            takesBasic: !configuration.basic.isEmpty,
            cookie: configuration.cookie
        )
    }

    /// Knows nobody, and asks for a token.
    package static let nobody = Authenticator()

    private init() {
        finder = CredentialFinder(takesTokens: true, takesBasic: false, cookie: AuthConfiguration().cookie)
        (tokens, users, jwt) = (SecretTable(), SecretTable(), nil)
    }

    func decide(_ request: AdmissionRequest, now: Int64) -> AdmissionVerdict {
        let credential: Credential
        do throws(CredentialFault) {
            guard let found = try finder.find(in: request) else { return missing(request) }
            credential = found
        } catch {
            return wrong("\(error)")
        }
        switch credential.proof {
        case .basic(let pair):
            guard let name = users.owner(of: pair) else { return wrong("no such user and password") }
            return .admitted(Identity(name: name))
        case .token(let token):
            return decide(token, in: credential.place, now: now)
        }
    }

    private func decide(_ token: [UInt8], in place: Credential.Place, now: Int64) -> AdmissionVerdict {
        if let name = tokens.owner(of: token) { return .admitted(Identity(name: name)) }
        guard let jwt else { return wrong("the token in \(place) is none of ours") }
        do throws(JWTFault) {
            return .admitted(try jwt.identity(of: token, now: now))
        } catch {
            return wrong("the token in \(place) is no good JWT: \(error)")
        }
    }

    private func missing(_ request: AdmissionRequest) -> AdmissionVerdict {
        let detail =
            request.authorization.isEmpty
            ? "no credential" : "no credential but an Authorization of a scheme that is not taken here"
        return .refused(.credentials(missing: true, challenge: challenge(isWrong: false), detail: detail))
    }

    private func wrong(_ detail: String) -> AdmissionVerdict {
        .refused(.credentials(missing: false, challenge: challenge(isWrong: true), detail: detail))
    }

    /// RFC 6750 section 3: an error is named only where there was a credential. RFC 7617 section 2.1.
    private func challenge(isWrong: Bool) -> [String] {
        let error = isWrong ? ", error=\"invalid_token\"" : ""
        return (finder.takesTokens ? ["Bearer realm=\"sluice\"\(error)"] : [])
            + (finder.takesBasic ? ["Basic realm=\"sluice\", charset=\"UTF-8\""] : [])
    }
}

extension Authenticator {
    private static func tokens(_ configuration: AuthConfiguration) throws(AdmissionError) -> SecretTable {
        for (index, token) in configuration.tokens.enumerated() {
            if let problem = token.problem { throw .setting(key: "tokens[\(index)]", problem: problem) }
        }
        let listed = configuration.tokens
        let filed = if let path = configuration.tokensFile { try TokensFile.read(path) } else { [NamedToken]() }
        do throws(SecretTable.Ambiguity) {
            return try SecretTable((listed + filed).map { (secret: Array($0.token.utf8), name: $0.name) })
        } catch {
            let problem = "one token has two names: \(error.names.joined(separator: " and "))"
            guard let path = configuration.tokensFile else { throw .setting(key: "tokens", problem: problem) }
            throw .file(path: path, problem: problem)
        }
    }

    private static func users(_ users: [BasicUser]) throws(AdmissionError) -> SecretTable {
        for (index, user) in users.enumerated() {
            if let problem = user.problem { throw .setting(key: "basic[\(index)]", problem: problem) }
        }
        let entries = users.map {
            (secret: Array("\($0.username):\($0.password)".utf8), name: Optional(IdentityName.cleaned($0.username)))
        }
        do throws(SecretTable.Ambiguity) {
            return try SecretTable(entries)
        } catch {
            throw .setting(key: "basic", problem: "has one user and password twice")
        }
    }

    private static func checkCookie(_ name: String) throws(AdmissionError) {
        guard name.utf8.allSatisfy({ ASCII.isVisible($0) && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }) else {
            throw .setting(key: "cookie", problem: "is no name that a cookie can have")
        }
    }
}

extension Authenticator: Concealing {}
