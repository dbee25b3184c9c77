extension Access {
    /// Takes `origins`, `auth` and `limits` out of a table that may have other keys too.
    static func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> Access {
        var access = Access()
        access.origins = reader.texts("origins")?.map(\.text)
        if reader.isWord("none", at: "auth") {
            access.auth = .open
        } else if var auth = reader.table("auth") {
            access.auth = .required(Credentials.read(&auth, elsewhere))
        }
        if var limits = reader.table("limits") {
            access.limits = Limits.read(&limits, elsewhere)
        }
        return access
    }
}

extension Limits {
    static func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> Limits {
        var limits = Limits()
        for (name, path) in all {
            limits[keyPath: path] =
                name.contains("bytes")
                ? reader.size(name, in: 0...(1 << 40)) : reader.integer(name, in: 0...1_000_000_000)
        }
        reader.finish(elsewhere: elsewhere)
        return limits
    }
}

extension Credentials {
    /// One that admits nobody is an error: it would lock everybody out, or be taken for an open door.
    static func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> Credentials {
        var credentials = Credentials()
        let before = reader.report.errors.count
        credentials.tokens = Token.read(&reader, elsewhere)
        credentials.tokensFile = reader.file("tokens_file")
        credentials.basic = (reader.tables("basic") ?? []).compactMap { Basic.read($0, elsewhere) }
        if var jwt = reader.table("jwt") { credentials.jwt = JWT.read(&jwt, elsewhere) }
        credentials.cookie = reader.value("cookie", cookie) ?? credentials.cookie
        reader.finish(elsewhere: elsewhere)
        let isEmpty =
            credentials.tokens.isEmpty && credentials.tokensFile == nil && credentials.basic.isEmpty
            && credentials.jwt == nil
        if isEmpty && reader.report.errors.count == before {
            reader.fail(
                .invalid("lets nobody in; give tokens, tokens_file, basic or jwt, or write auth: none for everybody")
            )
        }
        return credentials
    }

    /// A name as RFC 6265 has it: a token of RFC 9110. Empty for no cookie.
    private static func cookie(_ text: String) throws(ValueFault) -> String {
        let isToken = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
        guard isToken else { throw ValueFault(message: "\"\(text)\" is not the name of a cookie") }
        return text
    }
}

extension Credentials.Token {
    static func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> [Self] {
        var tokens: [Self] = []
        for member in reader.members("tokens") ?? [] {
            var token: Self?
            switch member {
            case .text(let text, let place): token = Self(text, named: nil, at: place, reader.report)
            case .table(var table):
                let isMissing = table.isMissing("token")
                let name = table.text("name")
                let text = table.secret("token")
                table.finish(elsewhere: elsewhere)
                if isMissing { table.missing("token") }
                let place = table.place(of: "token")
                token = text.flatMap { Self($0.value, named: name, at: place, reader.report) }
            }
            guard let token else { continue }
            if tokens.contains(where: { $0.token == token.token }) {
                reader.fail("tokens", .contradiction("holds the same token twice"))
            }
            tokens.append(token)
        }
        return tokens
    }

    /// - Returns: nil for what could not come in a header; the report says so without showing it.
    private init?(_ text: String, named name: String?, at place: TableReader.Place, _ report: SettingsReport) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            report.fail(place.key, at: place.origin, .invalid("is not a token: visible ASCII without spaces"))
            return nil
        }
        self.init(name: name, token: Secret(text))
    }
}

extension Credentials.Basic {
    static func read(_ reader: TableReader, _ elsewhere: () -> [String]) -> Self? {
        var reader = reader
        let missing = ["username", "password"].filter(reader.isMissing)
        let username = reader.value("username") { text throws(ValueFault) in
            guard !text.isEmpty, !text.contains(":") else {
                throw ValueFault(message: "\"\(text)\" is not a user name: it needs a letter, and no \":\"")
            }
            return text
        }
        let password = reader.secret("password")
        reader.finish(elsewhere: elsewhere)
        for name in missing { reader.missing(name) }
        guard let username, let password else { return nil }
        return Self(username: username, password: password)
    }
}

extension Credentials.JWT {
    static func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> Self {
        var jwt = Self()
        let isMissing = (file: reader.isMissing("jwks_file"), secret: reader.isMissing("secret"))
        jwt.jwksFile = reader.file("jwks_file")
        jwt.secret = reader.secret("secret")
        jwt.issuer = reader.text("issuer")
        jwt.audience = reader.text("audience")
        jwt.leeway = reader.duration("leeway", orOff: true, atMost: .seconds(5)) ?? jwt.leeway
        reader.finish(elsewhere: elsewhere)
        if jwt.leeway.components.attoseconds != 0 { reader.fail("leeway", .invalid("takes whole seconds")) }
        switch isMissing {
        case (true, true): reader.fail(.contradiction("needs jwks_file (keys in a file) or secret (HS256)"))
        case (false, false): reader.fail("secret", .contradiction("and jwks_file are given; keep one of them"))
        default: break
        }
        return jwt
    }
}
