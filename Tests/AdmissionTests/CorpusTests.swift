import AdmissionOracle
import Foundation
import Testing

@Suite struct CorpusTests {
    static let files: [URL] = {
        guard let folder = Bundle.module.url(forResource: "Corpus", withExtension: nil) else { return [] }
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }()

    @Test func nobodyComesInWhoShouldNot() throws {
        #expect(Self.files.count > 20)
        for file in Self.files {
            let fault = AdmissionOracle.fault([UInt8](try Data(contentsOf: file)))
            #expect(fault == nil, "\(file.lastPathComponent)")
        }
    }
}
