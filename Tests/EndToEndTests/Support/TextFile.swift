import Foundation

/// A file that others write while it is read.
enum TextFile {
    private static let bytes: UInt64 = 16_384

    /// The last lines of what is there now, of those alone that hold one of `words` where there are any; none where there
    /// is no file.
    static func lastLines(_ count: Int, of file: URL, with words: [String] = []) -> [String] {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return [] }
        defer { try? handle.close() }
        guard let end = try? handle.seekToEnd() else { return [] }
        let room = words.isEmpty ? bytes : bytes * 64
        try? handle.seek(toOffset: end > room ? end - room : 0)
        let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
        let lines = text.split(separator: "\n")
        let wanted = words.isEmpty ? lines : lines.filter { line in words.contains { line.contains($0) } }
        return wanted.suffix(count).map(String.init)
    }
}
