/// Why a head was refused. Every one ends the connection: after it nobody knows where the next message begins.
package enum HeadFault: Error, Equatable, CaseIterable, Sendable {
    /// The first line alone is over the limit.
    case requestLineTooLong
    case headTooLong
    case tooManyFields
    case bareCarriageReturn
    case bareLineFeed
    case controlCharacter
    /// Also more than one empty line before it.
    case malformedRequestLine
    case malformedStatusLine
    case invalidMethod
    case invalidTarget
    case malformedVersion
    case unsupportedVersion
    case unsupportedMethod
    /// RFC 9112 section 5.2, obs-fold.
    case foldedLine
    case malformedField
    case invalidFieldName
    case missingHost
    case duplicateHost
    case invalidHost
    case invalidContentLength
    case duplicateContentLength
    case contentLengthWithTransferEncoding
    case transferEncodingBeforeHTTP11
    case chunkedNotLast
    case unsupportedTransferCoding

    /// The status of the answer: 400, 414, 431, 501 or 505.
    package var status: Int {
        switch self {
        case .requestLineTooLong: 414
        case .headTooLong, .tooManyFields: 431
        case .unsupportedTransferCoding, .unsupportedMethod: 501
        case .unsupportedVersion: 505
        default: 400
        }
    }
}

extension HeadFault: CustomStringConvertible {
    /// A few words for the body of the answer and for a log line; never a byte of what the peer sent.
    package var description: String {
        switch self {
        case .requestLineTooLong: "the first line is too long"
        case .headTooLong: "the headers are too long"
        case .tooManyFields: "there are too many header fields"
        case .bareCarriageReturn: "a carriage return without a line feed"
        case .bareLineFeed: "a line feed without a carriage return"
        case .controlCharacter: "a control character in the head"
        case .malformedRequestLine: "the request line is not 'method target version'"
        case .malformedStatusLine: "the status line is not 'version code reason'"
        case .invalidMethod: "the method is not a token"
        case .invalidTarget: "the request target is not valid"
        case .malformedVersion: "the HTTP version is malformed"
        case .unsupportedVersion: "only HTTP/1.1 and HTTP/1.0 are spoken here"
        case .unsupportedMethod: "this is not a proxy"
        case .foldedLine: "a folded header line"
        case .malformedField: "a header line without a colon"
        case .invalidFieldName: "a header name that is not a token"
        case .missingHost: "the Host header is missing"
        case .duplicateHost: "more than one Host header"
        case .invalidHost: "the Host header is not valid"
        case .invalidContentLength: "the Content-Length is not a number"
        case .duplicateContentLength: "more than one Content-Length"
        case .contentLengthWithTransferEncoding: "both Content-Length and Transfer-Encoding"
        case .transferEncodingBeforeHTTP11: "Transfer-Encoding in an HTTP/1.0 message"
        case .chunkedNotLast: "chunked is not the last and only once in Transfer-Encoding"
        case .unsupportedTransferCoding: "a transfer coding other than chunked"
        }
    }
}
