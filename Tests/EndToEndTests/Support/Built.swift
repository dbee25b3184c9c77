import Foundation
import Testing

/// Where the programs under test and what the tests need are.
enum Built {
    /// The folder of this package.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the built programs: the test runner's own.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static let sluice = products.appending(path: "sluice")
    static let sluiceLoad = products.appending(path: "sluice-load")
    static let kcat = URL(filePath: "/usr/bin/kcat")
    static let openssl = URL(filePath: "/usr/bin/openssl")
    static let curl = URL(filePath: "/usr/bin/curl")
    static let chromium = URL(filePath: "/usr/bin/chromium")
    static let prometheus = URL(filePath: "/usr/bin/prometheus")
    static let haproxy = URL(filePath: "/usr/sbin/haproxy")
    static let bash = URL(filePath: "/bin/bash")
    static let setsid = URL(filePath: "/usr/bin/setsid")

    /// The interpreter that has the libraries of Clients/requirements.txt; `deploy/test` makes it.
    static let python = package.appending(path: ".build/venv/bin/python")

    static func exists(_ program: URL) -> Bool { FileManager.default.isExecutableFile(atPath: program.path) }

    /// One of the programs in Clients.
    static func client(_ name: String) -> URL {
        Bundle.module.bundleURL.appending(path: "Clients").appending(path: name)
    }

    static func isThere(_ program: URL) -> Bool { FileManager.default.isExecutableFile(atPath: program.path) }

    /// The folder of a real Kafka (`SLUICE_KAFKA`), when the tests on it are wanted.
    static let kafka = ProcessInfo.processInfo.environment["SLUICE_KAFKA"].map { URL(filePath: $0) }
}
