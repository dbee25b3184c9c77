import HTTPWire
import LogPipeline

/// What the head of a POST says about its body.
struct PostRequest {
    let coding: ContentCoding
    /// How the body becomes logs; nil: as the route's messages do.
    let split: Split?

    enum Fault: Error {
        /// 415.
        case type
        /// 415.
        case coding
    }

    init(_ head: RequestHead) throws(Fault) {
        guard let coding = head.contentCoding else { throw .coding }
        self.coding = coding
        // navigator.sendBeacon of a string says text/plain, and clients that say nothing mean text.
        guard head.headers["content-type"] != nil else {
            split = nil
            return
        }
        guard let type = head.contentType, type.isUTF8, let form = type.form else { throw .type }
        split = form == .jsonLines ? .lines : nil
    }

    /// What a 415 names.
    static let types = ["application/json", "application/x-ndjson", "text/plain"]
}
