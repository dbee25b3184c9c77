/// Lines `TOKEN` or `NAME TOKEN`; empty lines and those that begin with # are skipped.
enum TokensFile {
    static func read(_ path: String) throws(AdmissionError) -> [NamedToken] {
        let lines = try FileBytes.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var tokens: [NamedToken] = []
        for (index, line) in lines.enumerated() {
            let words = line.split { ASCII.isBlank($0) || $0 == UInt8(ascii: "\r") }
                .map { String(decoding: $0, as: UTF8.self) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count <= 2 else {
                throw .file(path: path, problem: "line \(index + 1) is neither TOKEN nor NAME TOKEN")
            }
            tokens.append(NamedToken(name: words.count == 2 ? first : nil, token: words[words.count - 1]))
            if let problem = tokens[tokens.count - 1].problem {
                throw .file(path: path, problem: "line \(index + 1): \(problem)")
            }
        }
        return tokens
    }
}
