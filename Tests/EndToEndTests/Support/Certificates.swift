import Foundation

/// Certificates of one test's own, made by the `openssl` command.
struct Certificates {
    /// A key and what vouches for it, as PEM files.
    struct Pair {
        let certificate: URL
        let key: URL
    }

    private let workspace: Workspace
    let authority: Pair

    init(in workspace: Workspace) async throws {
        self.workspace = workspace
        authority = Pair(certificate: workspace.fresh("ca.pem"), key: workspace.fresh("ca.key"))
        try await Self.openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                + ["-subj", "/CN=Test authority", "-keyout", authority.key.path, "-out", authority.certificate.path],
            in: workspace
        )
    }

    /// A certificate that the authority signs.
    ///
    /// - Parameters:
    ///   - names: subject alternative names, `DNS:localhost`; the common name is that of the first.
    ///   - rsa: an RSA key of 2048 bits instead of one on P-256.
    func issue(_ names: String..., rsa: Bool = false) async throws -> Pair {
        let pair = Pair(certificate: workspace.fresh("chain.pem"), key: workspace.fresh("key.pem"))
        let request = workspace.fresh("request.pem")
        let name = names[0].split(separator: ":").last ?? "nobody"
        let key = rsa ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        try await Self.openssl(
            ["req", "-newkey"] + key + ["-nodes", "-subj", "/CN=\(name)"]
                + ["-keyout", pair.key.path, "-out", request.path],
            in: workspace
        )
        let extensions = try workspace.file("extensions", "subjectAltName=\(names.joined(separator: ","))\n")
        try await Self.openssl(
            ["x509", "-req", "-in", request.path, "-days", "2", "-extfile", extensions.path]
                + ["-CA", authority.certificate.path, "-CAkey", authority.key.path, "-CAcreateserial"]
                + ["-out", pair.certificate.path],
            in: workspace
        )
        return pair
    }

    private static func openssl(_ arguments: [String], in workspace: Workspace) async throws {
        _ = try await Tool.output(Built.openssl, arguments, in: workspace)
    }
}
