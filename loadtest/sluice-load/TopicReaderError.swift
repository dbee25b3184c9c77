/// Why a topic cannot be followed. Exit status 1: then nothing is known about the logs.
enum TopicReaderError: Error, Equatable {
    /// librdkafka does not take a property.
    case property(String, reason: String)
    /// No broker answered, or the topic is not there.
    case topic(String, reason: String)
    /// A partition's end cannot be found out.
    case offsets(partition: Int32, reason: String)
    case assignment(reason: String)
    case thread(reason: String)
}

extension TopicReaderError: CustomStringConvertible {
    var description: String {
        switch self {
        case .property(let name, let reason): "--kafka \(name): \(reason)"
        case .topic(let name, let reason): "topic \"\(name)\" cannot be read: \(reason)"
        case .offsets(let partition, let reason): "where partition \(partition) ends is not known: \(reason)"
        case .assignment(let reason): "the topic cannot be followed: \(reason)"
        case .thread(let reason): "no thread for the verifier: \(reason)"
        }
    }
}
