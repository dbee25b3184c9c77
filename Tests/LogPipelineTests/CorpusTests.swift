import Foundation
import PolicyOracle
import Testing

struct CorpusTests {
    /// What the fuzzer has collected, and every finding it ever made.
    static let files: [URL] = {
        let folder = Bundle.module.bundleURL.appending(path: "Corpus")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.lastPathComponent != "README.txt" }
    }()

    @Test func everyInputOfTheCorpusIsJudgedRightly() throws {
        #expect(CorpusTests.files.count > 20)
        for file in CorpusTests.files {
            let fault = PolicyOracle.fault([UInt8](try Data(contentsOf: file)))
            #expect(fault == nil, "\(file.lastPathComponent)")
        }
    }
}
