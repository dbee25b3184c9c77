import Foundation
import PolicyOracle
import Testing

/// What the fuzzers have collected, and every finding they ever made.
struct CorpusTests {
    private func files(_ folder: String) throws -> [URL] {
        let folder = Bundle.module.bundleURL.appending(path: folder)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return files.filter { $0.lastPathComponent != "README.txt" }
    }

    @Test func everyInputOfTheCorpusIsJudgedRightly() throws {
        let files = try files("Corpus")
        #expect(files.count > 20)
        for file in files {
            let fault = PolicyOracle.fault([UInt8](try Data(contentsOf: file)))
            #expect(fault == nil, "\(file.lastPathComponent)")
        }
    }

    @Test func everyInputOfTheSplitCorpusIsCutRightly() throws {
        let files = try files("SplitCorpus")
        #expect(files.count > 10)
        for file in files {
            let fault = SplitOracle.fault([UInt8](try Data(contentsOf: file)))
            #expect(fault == nil, "\(file.lastPathComponent)")
        }
    }
}
