import KafkaFlusher

/// Versions of what this binary is made of.
enum BuildInfo {
    static var labels: KeyValuePairs<String, String> {
        ["version": Version.number, "swift": swift, "librdkafka": KafkaFlusher.libraryVersion]
    }

    static var summary: String { "Swift \(swift), librdkafka \(KafkaFlusher.libraryVersion)" }

    private static var swift: String {
        #if compiler(>=6.4)
            "6.4"
        #else
            "6.3"
        #endif
    }
}
