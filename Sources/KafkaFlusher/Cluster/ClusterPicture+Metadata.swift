internal import CRdKafka

extension ClusterPicture {
    /// Brokers, topics and partitions of a metadata answer. A leader that is not among the brokers is none.
    init(_ answer: rd_kafka_metadata) {
        let brokers = unsafe UnsafeBufferPointer(start: answer.brokers, count: Int(answer.broker_cnt))
        let ids = unsafe Set(brokers.map { unsafe $0.id })
        self.brokers = unsafe brokers.map { broker in
            let host = unsafe broker.host.map { unsafe String(cString: $0) } ?? ""
            return unsafe Broker(id: broker.id, address: "\(host):\(broker.port)")
        }.sorted { $0.id < $1.id }
        let topics = unsafe UnsafeBufferPointer(start: answer.topics, count: Int(answer.topic_cnt))
        self.topics = unsafe topics.compactMap { topic in
            guard unsafe topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = unsafe topic.topic else { return nil }
            let partitions = unsafe UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt))
            return unsafe Topic(
                name: String(cString: name),
                partitions: partitions.map { unsafe Partition($0, brokers: ids) }.sorted { $0.number < $1.number }
            )
        }.sorted { $0.name < $1.name }
        for index in topics.indices {
            guard unsafe topics[index].err != RD_KAFKA_RESP_ERR_NO_ERROR, let name = unsafe topics[index].topic
            else { continue }
            refused[unsafe String(cString: name)] = unsafe ClusterError(topics[index].err)
        }
    }
}

extension ClusterPicture.Partition {
    init(_ answer: rd_kafka_metadata_partition, brokers: Set<Int32>) {
        number = unsafe answer.id
        leader = unsafe brokers.contains(answer.leader) ? answer.leader : nil
        replicas = unsafe Array(UnsafeBufferPointer(start: answer.replicas, count: Int(answer.replica_cnt)))
        inSync = unsafe Array(UnsafeBufferPointer(start: answer.isrs, count: Int(answer.isr_cnt)))
    }
}
