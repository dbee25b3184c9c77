import Glibc
import Reactor

/// Certificates and keys made for one run of the tests, in a folder that goes away with it.
struct TestCertificates {
    static let shared = TestCertificates()

    let folder: String

    var authority: String { "\(folder)/authority.pem" }
    /// For `server.test`, `*.wild.test`, `localhost` and 127.0.0.1.
    var server: TLSServerConfiguration.Certificate { pair("server") }
    /// For `other.test`.
    var other: TLSServerConfiguration.Certificate { pair("other") }
    /// RSA, signed by an intermediate authority whose certificate stands behind it.
    var chained: TLSServerConfiguration.Certificate { pair("chained") }
    /// Of `agent-7`.
    var client: TLSServerConfiguration.Certificate { pair("client") }
    /// Signed by an authority that nobody knows.
    var stranger: TLSServerConfiguration.Certificate { pair("stranger") }
    /// The server's key, under `passphrase`.
    var encryptedKey: String { "\(folder)/encrypted.key" }
    let passphrase = "correct horse"

    private init() {
        var template = Array("/tmp/sluice-tls-XXXXXX".utf8CString)
        folder = String(cString: mkdtemp(&template))
        Self.folderToRemove = folder
        atexit { TestCertificates.run("rm", "-rf", TestCertificates.folderToRemove) }
        makeAuthority("authority", subject: "/CN=Sluice test authority")
        makeAuthority("unknown", subject: "/CN=Somebody else")
        make("server", subject: "/CN=server.test", names: "DNS:server.test,DNS:*.wild.test,DNS:localhost,IP:127.0.0.1")
        make("other", subject: "/CN=other.test", names: "DNS:other.test")
        make("client", subject: "/CN=agent-7", names: "DNS:agent-7")
        make("stranger", subject: "/CN=stranger", names: "DNS:stranger", signer: "unknown")
        makeChained()
        openssl("ec -in server.key -out encrypted.key -aes256 -passout", "pass:\(passphrase)")
    }

    nonisolated(unsafe) private static var folderToRemove = ""

    func pair(_ name: String) -> TLSServerConfiguration.Certificate {
        TLSServerConfiguration.Certificate(certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key")
    }

    /// A file with this text.
    func write(_ name: String, _ text: String) -> String {
        let path = "\(folder)/\(name)"
        let file = fopen(path, "w")
        fputs(text, file)
        fclose(file)
        return path
    }

    func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private func makeAuthority(_ name: String, subject: String) {
        openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout \(name).key -out \(name).pem",
            "-subj",
            subject
        )
    }

    private func make(_ name: String, subject: String, names: String, signer: String = "authority") {
        openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(name).key -out \(name).csr",
            "-subj",
            subject
        )
        sign(name, extensions: "subjectAltName=\(names)\n", signer: signer)
    }

    private func makeChained() {
        openssl("req -newkey rsa:2048 -nodes -keyout between.key -out between.csr", "-subj", "/CN=Between")
        sign("between", extensions: "basicConstraints=critical,CA:TRUE\n", signer: "authority")
        openssl("req -newkey rsa:2048 -nodes -keyout chained.key -out chained.csr", "-subj", "/CN=chained.test")
        sign("chained", extensions: "subjectAltName=DNS:chained.test\n", signer: "between")
        Self.run("sh", "-c", "cat \(folder)/between.pem >> \(folder)/chained.pem")
    }

    private func sign(_ name: String, extensions: String, signer: String) {
        let file = write("\(name).ext", extensions)
        openssl(
            "x509 -req -in \(name).csr -CA \(signer).pem -CAkey \(signer).key -CAcreateserial -days 30 -out \(name).pem",
            "-extfile",
            file
        )
    }

    private func openssl(_ arguments: String, _ more: String...) {
        let words = arguments.split(separator: " ").map { word in
            // Names of files are those with a known ending.
            [".pem", ".key", ".csr"].contains { word.hasSuffix($0) } ? "\(folder)/\(word)" : String(word)
        }
        Self.run(["openssl"] + words + more)
    }

    private static func run(_ words: String...) { run(words) }

    private static func run(_ words: [String]) {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for number: Int32 in [1, 2] { posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0) }
        var child: pid_t = 0
        guard posix_spawnp(&child, words[0], &actions, nil, &arguments, environ) == 0 else { return }
        var status: Int32 = 0
        waitpid(child, &status, 0)
        precondition(status == 0, "failed: \(words.joined(separator: " "))")
    }
}
