internal import CRdKafka
internal import LogPipeline

/// librdkafka's form of a source's headers: made once, copied for each record.
///
/// `@unchecked Sendable`: nothing changes it once it is made, and several threads may copy it.
@safe final class RecordHeaders: @unchecked Sendable {
    /// Lives as long as this object.
    let list: OpaquePointer

    private init(_ source: RecordSource) {
        guard let list = unsafe rd_kafka_headers_new(source.headers.count) else {
            fatalError("out of memory: the headers of a record")
        }
        unsafe self.list = list
        for header in source.headers {
            // A pointer to nothing would make it a header without value, which is not the same as an empty one.
            let value = header.value.isEmpty ? [0] : header.value
            _ = unsafe rd_kafka_header_add(
                list,
                header.name,
                header.name.utf8.count,
                value,
                header.value.count
            )
        }
    }

    deinit { unsafe rd_kafka_headers_destroy(list) }

    /// The source keeps them.
    static func of(_ source: RecordSource) -> RecordHeaders { source.form { RecordHeaders(source) } }
}
