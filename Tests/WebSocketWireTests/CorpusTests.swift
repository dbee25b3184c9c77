import Foundation
import Testing
import WebSocketOracle

@Suite struct CorpusTests {
    @Test func whatTheFuzzerFoundWorthKeepingStillHolds() throws {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count > 20)
        for file in files {
            let fault = Oracle.check(Array(try Data(contentsOf: file)))
            #expect(fault == nil, "\(file.lastPathComponent)")
        }
    }
}
