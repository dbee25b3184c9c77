/// Why a body was refused. The connection ends with it.
package enum BodyFault: Error, Equatable, CaseIterable, Sendable {
    case tooLong
    case malformedChunkSize
    case chunkOverheadTooLong
    /// A chunk's data is not followed by CRLF.
    case malformedChunkEnd
    case malformedTrailer

    /// 400 or 413.
    package var status: Int { self == .tooLong ? 413 : 400 }
}

extension BodyFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong: "the body is too long"
        case .malformedChunkSize: "a chunk's size is malformed"
        case .chunkOverheadTooLong: "the chunks' sizes, extensions and trailers are too long"
        case .malformedChunkEnd: "a chunk does not end where it should"
        case .malformedTrailer: "the trailers are malformed"
        }
    }
}
