/// Why a coded body cannot be decoded.
package enum DecodingFault: Error, Equatable, CaseIterable, Sendable {
    /// No gzip, or gzip that is damaged: its trailer counts.
    case malformed
    /// The body ended within it.
    case truncated
    case noMemory

    /// 400 or 503.
    package var status: Int { self == .noMemory ? 503 : 400 }
}

extension DecodingFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the body is not gzip as its Content-Encoding says"
        case .truncated: "the body ends within its gzip"
        case .noMemory: "there is no memory to decode the body"
        }
    }
}
