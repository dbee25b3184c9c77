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
    private var turns = LeaderTurns()
    /// Where the next survey begins with each broker's groups.
    private var beginnings: [Int32: String] = [:]
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
        var collection = ClusterCollection(start: start)
        do throws(ClusterError) {
            var picture = try metadata(time, isStopped)
            let known = Set(picture.topics.map(\.name))
            collection.missing[.metadata] = ClusterMissing(own.filter { !known.contains($0) })
            let refusal = own.lazy.compactMap { picture.refused[$0] }.first
            let isWhole = own.allSatisfy(known.contains)
            collection.results[.metadata] = isWhole ? .complete : .failed(refusal ?? .unknownTopic)
            var bound = SeriesBound(most: plan.metrics.maxSeries)
            bound.topics(of: &picture, own: Set(own))
            // Before the ends of partitions: a group that keeps up would else be ahead of them.
            let answers = survey(picture.brokers.map(\.id), Set(picture.topics.map(\.name)), time, isStopped)
            collection.results[.groups] = answers.result
            collection.missing[.groups] = answers.missing
            picture.groups = answers.groups
            let (offsets, missing) = readOffsets(of: &picture, time, isStopped)
            collection.results[.offsets] = offsets
            collection.missing[.offsets] = missing
            bound.groups(of: &picture, unasked: answers.leftOut)
            collection.leftOut = bound.leftOut
            collection.picture = picture
        } catch {
            collection.results[.metadata] = .failed(error)
            collection.missing[.metadata] = ClusterMissing(own)
        }
        collection.end = Instant.now()
        return collection
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
            picture.refused = picture.refused.filter { topics.takes($0.key) }
            return picture
        }
        var picture = ClusterPicture()
        for topic in own.sorted() {
            let answer = try ask(topic, time, isStopped)
            picture.brokers = answer.brokers
            picture.topics += answer.topics
            picture.refused.merge(answer.refused) { $1 }
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
    ) -> (ClusterPart.Result, ClusterMissing) {
        let leaders = picture.partitionsByLeader
        var known = PartitionEnds()
        var missing = ClusterMissing()
        var fault: ClusterError?
        let order = turns.order(leaders.keys)
        for (place, leader) in order.enumerated() {
            var questions = turns.questions(to: leader, about: leaders[leader] ?? [])
            let end = time.endOfTurn(now: Instant.now(), brokers: order.count - place)
            func patience() -> Int32? { isStopped() ? nil : time.patience(now: Instant.now(), until: end) }
            let wasAsked = patience() != nil
            while let piece = questions.next, let milliseconds = patience() {
                ask(piece, milliseconds, patience, &questions, &known)
            }
            questions.end()
            turns.ended(questions, of: leader, wasAsked: wasAsked)
            missing.add(questions.missing)
            fault = fault ?? questions.fault
        }
        picture.setOffsets(known)
        for id in picture.partitionsWithoutLeader {
            missing.add(id)
            fault = fault ?? .noLeader
        }
        return (fault.map { .failed($0) } ?? .complete, missing)
    }

    private func ask(
        _ piece: [PartitionID],
        _ milliseconds: Int32,
        _ patience: () -> Int32?,
        _ questions: inout PartitionQuestions,
        _ known: inout PartitionEnds
    ) {
        do throws(ClusterError) {
            let lasts = try client.offsets(.last, of: piece, milliseconds: milliseconds)
            known.lasts.merge(lasts.offsets) { $1 }
            guard !lasts.offsets.isEmpty else { return questions.answered(lasts.fault) { _ in false } }
            guard let rest = patience() else { return }
            let firsts = try client.offsets(.first, of: piece, milliseconds: rest)
            known.firsts.merge(firsts.offsets) { $1 }
            questions.answered(lasts.fault ?? firsts.fault) { id in
                lasts.offsets[id] != nil && firsts.offsets[id] != nil
            }
        } catch {
            questions.failed(error)
        }
    }
}

// Groups.
extension ClusterCollector {
    private mutating func survey(
        _ brokers: [Int32],
        _ topics: Set<String>,
        _ time: CollectionTime,
        _ isStopped: () -> Bool
    ) -> GroupSurvey {
        var survey = GroupSurvey(brokers: brokers, reading: topics, beginnings: beginnings)
        let start = Instant.now()
        let end = time.endOfGroups(now: start)
        // A broker that does not answer must leave time for what the others have to tell of their groups.
        ask(&survey, time, until: start + (end - start) / 2, isStopped, while: \.isListing)
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
        ask(&survey, time, until: end, isStopped) { !$0.isDone }
        survey.end()
        beginnings = survey.beginnings
        return survey
    }

    /// Asks and waits while there is something to wait for.
    private mutating func ask(
        _ survey: inout GroupSurvey,
        _ time: CollectionTime,
        until end: UInt64,
        _ isStopped: () -> Bool,
        while isOpen: (GroupSurvey) -> Bool
    ) {
        var asked: [UInt: GroupSurvey.Question] = [:]
        while isOpen(survey), !isStopped() {
            let now = Instant.now()
            guard now < end else { return }
            if let patience = time.patience(now: now, until: end) {
                while isOpen(survey), let question = survey.next() {
                    number += 1
                    asked[number] = question
                    // With all its time, even beyond the end: a question that was cut short has not been come to.
                    let limit = question.isList ? patience : Int32(time.longest)
                    client.ask(question, number: number, milliseconds: limit)
                }
            }
            // What there was no time to ask will not be answered.
            guard !asked.isEmpty else { return }
            let left = Int32(clamping: (end - now + 999_999) / 1_000_000)
            guard let (number, answer) = client.nextAnswer(milliseconds: left) else { continue }
            guard let question = asked.removeValue(forKey: number) else { continue }
            survey.answered(question, answer) { groups.takes($0) }
        }
    }
}
