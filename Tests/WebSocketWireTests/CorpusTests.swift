import Foundation
import Testing
import WebSocketOracle

@Suite struct CorpusTests {
    @Test func whatTheFuzzerFoundWorthKeepingStillHolds() throws {
        try replay("Corpus", Oracle.check)
    }

    @Test func whatTheFuzzerOfCompressionFoundWorthKeepingStillHolds() throws {
        try replay("DeflateCorpus", DeflateOracle.check)
    }

    private func replay(_ folder: String, _ check: ([UInt8]) -> String?) throws {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent(folder)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count > 20)
        for file in files {
            let fault = check(Array(try Data(contentsOf: file)))
            #expect(fault == nil, "\(file.lastPathComponent)")
        }
    }
}
