/// A file of certificates or keys.
enum PEMFile {
    /// Bytes that are read at most.
    static let limit = 4 << 20
}
