import Foundation

/// Certificates and keys that the openssl command makes in a folder.
struct Certificates {
    struct Failure: Error {
        let arguments: [String]
    }

    let folder: Folder

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// Makes `NAME.pem`, signed by itself, for `NAME.example` and loopback, and its key `NAME.key`.
    ///
    /// - Parameter passphrase: encrypts the key.
    func make(_ name: String, passphrase: String? = nil) throws {
        let names = "subjectAltName=DNS:\(name).example,DNS:localhost,IP:127.0.0.1"
        try openssl(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "30", "-subj",
                "/CN=\(name).example", "-addext", names, "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
            ] + (passphrase.map { ["-passout", "pass:\($0)"] } ?? ["-nodes"])
        )
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }
}
