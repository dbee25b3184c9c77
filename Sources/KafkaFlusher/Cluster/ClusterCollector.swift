internal import LogPipeline

/// Asks the cluster everything once, in an order and within times that hold whatever becomes of its brokers.
///
/// The thread's that collects.
struct ClusterCollector {
    /// What it needs to be made.
    struct Plan: Sendable {
        let kafka: KafkaConfiguration
        let metrics: ClusterMetricsConfiguration
        let hosts: [String]
        /// Those that Sluice writes, with those that come later.
        let topics: KafkaTopics
        let certificates: CertificateBundle?
    }

    /// How often metadata is asked for: the first broker to be asked may be one that does not answer.
    private static let attempts = 3
    /// Before it is asked again, milliseconds: a connection that is being made, at the start above all, takes a moment.
    private static let pause = 400

    /// Of more topics than this all are asked for at once: one by one, each takes a round trip.
    private static let mostSingly = 16

    private let plan: Plan
    private var client: ClusterClient
    /// Names of the topics that Sluice writes, as of this collection.
    private var own: [String] = []
    private var topics: NameFilter
    private var groups: NameFilter
    /// Brokers that did not answer the last time: asked last, so that they hold up nobody.
    private var late: Set<Int32> = []
    private var number: UInt = 0

    init(_ plan: Plan) throws(FlusherError) {
        self.plan = plan
        client = try Self.client(plan, group: nil)
        topics = NameFilter(patterns: plan.metrics.topics)
        groups = NameFilter(patterns: plan.metrics.groups)
    }

    private static func client(_ plan: Plan, group: String?) throws(FlusherError) -> ClusterClient {
        try ClusterClient(
            plan.kafka,
            hosts: plan.hosts,
            patience: CollectionTime.patience(of: plan.metrics.timeoutMilliseconds),
            group: group,
            bundle: plan.certificates
        )
    }

    /// - Parameter isStopped: asked between two questions.
    mutating func collect(isStopped: () -> Bool) -> ClusterCollection {
        let start = Instant.now()
        let time = CollectionTime(start: start, milliseconds: plan.metrics.timeoutMilliseconds)
        client.discardEvents()
        takeTopics()
        var results: [ClusterPart: ClusterPart.Result] = [:]
        var picture: ClusterPicture?
        do throws(ClusterError) {
            var found = try metadata(time, isStopped)
            let known = Set(found.topics.map(\.name))
            results[.metadata] = own.allSatisfy(known.contains) ? .complete : .failed(.unknownTopic)
            // Before the ends of partitions: a group that keeps up would else be ahead of them.
            let answers = survey(found.brokers.map(\.id), time, isStopped)
            results[.groups] = answers.result
            found.groups = answers.groups(reading: known)
            results[.offsets] = readOffsets(of: &found, time, isStopped)
            picture = found
        } catch {
            results[.metadata] = .failed(error)
        }
        return ClusterCollection(start: start, end: Instant.now(), picture: picture, results: results)
    }
}

// Brokers and topics.
extension ClusterCollector {
    /// New ones come with a reload.
    private mutating func takeTopics() {
        let names = plan.topics.all.map(\.name)
        guard names != own else { return }
        own = names
        topics = NameFilter(names: names, patterns: plan.metrics.topics)
    }

    private mutating func metadata(_ time: CollectionTime, _ isStopped: () -> Bool) throws(ClusterError)
        -> ClusterPicture
    {
        if topics.hasPatterns || own.isEmpty || own.count > Self.mostSingly {
            var picture = try ask(nil, time, isStopped)
            picture.topics = picture.topics.filter { topics.takes($0.name) }
            return picture
        }
        var picture = ClusterPicture()
        for topic in own.sorted() {
            let answer = try ask(topic, time, isStopped)
            picture.brokers = answer.brokers
            picture.topics += answer.topics
        }
        return picture
    }

    private func ask(_ topic: String?, _ time: CollectionTime, _ isStopped: () -> Bool) throws(ClusterError)
        -> ClusterPicture
    {
        var fault = ClusterError.timedOut
        for attempt in 0..<Self.attempts {
            if attempt > 0 { Pause.milliseconds(Self.pause) }
            guard !isStopped(), let patience = time.patience(now: Instant.now()) else { break }
            do throws(ClusterError) {
                return try client.metadata(of: topic, milliseconds: patience)
            } catch {
                fault = error
            }
        }
        throw fault
    }
}

// Where partitions begin and end.
extension ClusterCollector {
    private mutating func readOffsets(
        of picture: inout ClusterPicture,
        _ time: CollectionTime,
        _ isStopped: () -> Bool
    ) -> ClusterPart.Result {
        var result = ClusterPart.Result.complete
        var (firsts, lasts): ([PartitionID: Int64], [PartitionID: Int64]) = ([:], [:])
        let leaders = picture.partitionsByLeader
        for leader in leaders.keys.sorted(by: { (late.contains($0) ? 1 : 0, $0) < (late.contains($1) ? 1 : 0, $1) }) {
            let partitions = leaders[leader] ?? []
            do throws(ClusterError) {
                let ends = try offsets(.last, of: partitions, time, isStopped)
                lasts.merge(ends) { $1 }
                let heads = try offsets(.first, of: partitions, time, isStopped)
                firsts.merge(heads) { $1 }
                late.remove(leader)
                // A partition that has just got another leader is answered for by nobody.
                if min(ends.count, heads.count) < partitions.count { result = .failed(ClusterError.noLeader) }
            } catch {
                late.insert(leader)
                result = .failed(error)
            }
        }
        picture.setOffsets(firsts: firsts, lasts: lasts)
        let isLed = picture.topics.allSatisfy { $0.partitions.allSatisfy { $0.leader != nil } }
        return result == .complete && !isLed ? .failed(ClusterError.noLeader) : result
    }

    private func offsets(
        _ end: ClusterClient.End,
        of partitions: [PartitionID],
        _ time: CollectionTime,
        _ isStopped: () -> Bool
    ) throws(ClusterError) -> [PartitionID: Int64] {
        guard !isStopped(), let patience = time.patience(now: Instant.now()) else { throw .timedOut }
        return try client.offsets(end, of: partitions, milliseconds: patience)
    }
}

// Groups.
extension ClusterCollector {
    private mutating func survey(_ brokers: [Int32], _ time: CollectionTime, _ isStopped: () -> Bool) -> GroupSurvey {
        var survey = GroupSurvey(brokers: brokers)
        ask(&survey, time, isStopped, while: \.isListing)
        survey.endListing()
        if let group = survey.anyGroup, !client.isGrouped {
            do throws(FlusherError) {
                client = try Self.client(plan, group: group)
            } catch {
                // Properties that were good enough before: there is no thread or no descriptor to be had.
                survey.end(.noResources)
                return survey
            }
        }
        ask(&survey, time, isStopped) { !$0.isDone }
        survey.end()
        return survey
    }

    /// Asks and waits while there is something to wait for, for no longer than one question may take.
    private mutating func ask(
        _ survey: inout GroupSurvey,
        _ time: CollectionTime,
        _ isStopped: () -> Bool,
        while isOpen: (GroupSurvey) -> Bool
    ) {
        guard let patience = time.patience(now: Instant.now()) else { return }
        let end = Instant.now() + UInt64(patience) * 1_000_000
        var asked: [UInt: GroupSurvey.Question] = [:]
        while isOpen(survey), !isStopped() {
            let now = Instant.now()
            guard now < end else { return }
            let left = Int32((end - now + 999_999) / 1_000_000)
            while isOpen(survey), let question = survey.next() {
                number += 1
                asked[number] = question
                client.ask(question, number: number, milliseconds: left)
            }
            guard let (number, answer) = client.nextAnswer(milliseconds: left) else { continue }
            guard let question = asked.removeValue(forKey: number) else { continue }
            survey.answered(question, answer) { groups.takes($0) }
        }
    }
}
