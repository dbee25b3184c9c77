package import HTTPWire

/// Everything the readers said about one stream of bytes, in words that do not depend on the cuts.
package struct Transcript: Equatable, CustomStringConvertible {
    package enum Subject: Sendable {
        /// Requests with their bodies, one after the other, as on a connection that is kept alive.
        case requests
        case responses
        case chunkedBody
    }

    package private(set) var events: [String] = []
    /// The heads that were accepted, for `requests`.
    package private(set) var requests: [RequestHead] = []
    private var body: [UInt8] = []

    package static func == (left: Transcript, right: Transcript) -> Bool { left.events == right.events }

    package var description: String { events.joined(separator: ", ") }

    /// - Parameters:
    ///   - cuts: where the bytes are cut, ascending.
    ///   - body: limits of bodies; nil leaves bodies out.
    package init(_ subject: Subject, _ bytes: [UInt8], cuts: [Int], limits: HeadLimits, body: BodyLimits?) {
        var connection = Connection(subject, limits: limits, body: body)
        var start = 0
        for end in cuts + [bytes.count] where end >= start {
            let piece = Array(bytes[start..<end])
            var offset = 0
            while connection.step(piece, &offset, into: &self) {}
            start = end
        }
        events.append(connection.isIdle ? "idle" : "within")
        if !self.body.isEmpty { events.append("of body \(self.body)") }
    }

    package static func summary(of head: RequestHead) -> String {
        let fields = head.headers.lines.map { "|\($0.name)=\($0.value)" }.joined()
        return "\(head.method) \(head.target) \(head.path) \(head.query ?? "-") \(head.version) \(head.bodyLength) "
            + "\(head.keepAlive) \(head.expectsContinue)\(fields)"
    }

    /// What a server or a client does with the readers.
    private struct Connection {
        private var requestReader: RequestHeadReader
        private var wholeRequestReader: RequestReader?
        private var responseReader: ResponseHeadReader
        private var bodyReader: BodyReader?
        private var isOver = false
        private let subject: Subject
        private let limits: BodyLimits?

        init(_ subject: Subject, limits: HeadLimits, body: BodyLimits?) {
            requestReader = RequestHeadReader(limits: limits)
            if subject == .requests, let body { wholeRequestReader = RequestReader(limits: limits, bodyLimits: body) }
            responseReader = ResponseHeadReader(limits: limits)
            self.subject = subject
            self.limits = body
            if subject == .chunkedBody, let body { bodyReader = BodyReader(.chunked, limits: body) }
        }

        var isIdle: Bool {
            !isOver && bodyReader == nil && requestReader.isIdle && wholeRequestReader?.isIdle != false
        }

        /// - Returns: whether there is more to do with these bytes.
        mutating func step(_ bytes: [UInt8], _ offset: inout Int, into transcript: inout Transcript) -> Bool {
            guard !isOver else { return false }
            if wholeRequestReader != nil { return stepWholeRequest(bytes, &offset, into: &transcript) }
            if bodyReader != nil { return stepBody(bytes, &offset, into: &transcript) }
            switch subject {
            case .requests: return stepRequest(bytes, &offset, into: &transcript)
            case .responses: return stepResponse(bytes, &offset, into: &transcript)
            case .chunkedBody: return false
            }
        }

        private mutating func stepBody(
            _ bytes: [UInt8],
            _ offset: inout Int,
            into transcript: inout Transcript
        ) -> Bool {
            switch bodyReader?.next(bytes.span.bytes, at: &offset) {
            case .piece(let range):
                transcript.body += bytes[range]
                return true
            case .end:
                transcript.events.append("body \(transcript.body)")
                transcript.body = []
                bodyReader = nil
                isOver = subject == .chunkedBody
                return true
            case .refused(let status, let reason):
                transcript.events.append("refused \(status) \(reason) after \(transcript.body)")
                transcript.body = []
                isOver = true
                return false
            case .needMore, nil:
                return false
            }
        }

        private mutating func stepWholeRequest(
            _ bytes: [UInt8],
            _ offset: inout Int,
            into transcript: inout Transcript
        ) -> Bool {
            switch wholeRequestReader?.next(bytes.span.bytes, at: &offset) {
            case .needMore, nil: return false
            case .head(let head):
                transcript.events.append(Transcript.summary(of: head))
                transcript.requests.append(head)
            case .body(let range):
                transcript.body += bytes[range]
            case .end:
                transcript.events.append("body \(transcript.body)")
                transcript.body = []
            case .refused(let fault):
                transcript.events.append("refused \(fault.status) \(fault) after \(transcript.body)")
                transcript.body = []
                isOver = true
            }
            return !isOver
        }

        private mutating func stepRequest(
            _ bytes: [UInt8],
            _ offset: inout Int,
            into transcript: inout Transcript
        ) -> Bool {
            switch requestReader.next(bytes.span.bytes, at: &offset) {
            case .needMore: return false
            case .head(let head):
                transcript.events.append(Transcript.summary(of: head))
                transcript.requests.append(head)
            case .refused(let status, let reason):
                transcript.events.append("refused \(status) \(reason)")
                isOver = true
            }
            return !isOver
        }

        private mutating func stepResponse(
            _ bytes: [UInt8],
            _ offset: inout Int,
            into transcript: inout Transcript
        ) -> Bool {
            switch responseReader.next(bytes.span.bytes, at: &offset) {
            case .needMore: return false
            case .head(let head):
                let length = head.bodyLength(answering: "GET")
                transcript.events.append("\(head.version) \(head.status) \(head.reason) \(length) \(head.keepAlive)")
                if let limits, length != .untilClose { bodyReader = BodyReader(length, limits: limits) }
                isOver = length == .untilClose
            case .refused(let reason):
                transcript.events.append("refused \(reason)")
                isOver = true
            }
            return !isOver
        }
    }
}
