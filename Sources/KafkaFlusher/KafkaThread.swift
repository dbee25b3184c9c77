internal import Foundation

/// A thread of its own for what blocks: librdkafka's queues and requests.
enum KafkaThread {
    static func start(name: String, _ run: @escaping @Sendable () -> Void) {
        let thread = Thread(block: run)
        thread.name = name
        thread.start()
    }
}
