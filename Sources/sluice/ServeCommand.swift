import Foundation
import Gateway
import KafkaFlusher
import LogPipeline
import Reactor
import Settings
import Telemetry

/// `sluice serve`: the gateway, from its start to its end.
struct ServeCommand {
    let source: CommandLineArguments.Source
    private let manager = ServiceManager(ProcessInfo.processInfo.environment)

    /// - Parameter signals: what ends it.
    func run(_ signals: AsyncStream<Signals.Wish>) async -> ExitStatus {
        guard let configuration = Configuration.load(source) else { return .usage }
        let settings = configuration.settings
        let logger = Logger.standardError(
            minimum: Logger.Level(settings.logging.level),
            format: settings.logging.json ? .json : .human
        )
        for warning in configuration.warnings { logger.warning("settings.warning", ["detail": warning]) }
        for warning in configuration.destination.check(settings).warnings {
            logger.warning("settings.warning", ["detail": warning])
        }
        let descriptors = DescriptorLimit.raise()
        FreedMemory.keep(unless: ProcessInfo.processInfo.environment)
        do {
            // Looked at before they are read, so that no change between the two goes unnoticed.
            let watch = FileWatch(settings, look: FileStamp.of)
            let entrance = try Entrance(settings)
            for warning in entrance.warnings { logger.warning("settings.warning", ["detail": warning]) }
            let flusher = try configuration.destination.make(.init(settings: settings, logger: logger))
            let record = ReloadRecord()
            var plan = try plan(settings, entrance, flusher, logger)
            plan.reloadStatus = { record.status }
            let (questions, asking) = AsyncStream.makeStream(of: ReloadQuestion.self)
            plan.reload = { isTrial in
                let verdict = await withCheckedContinuation { reply in
                    asking.yield(ReloadQuestion(isTrial: isTrial, reply: reply))
                }
                return (verdict.status, verdict.text(isTrial: isTrial))
            }
            let gateway = try await Gateway.start(plan)
            announce(gateway, plan, descriptors: descriptors, logger)
            manager.say(.ready)
            let watching = Task { await manager.keepWatched { await gateway.turn() } }
            let greeting = Task { await Greeting(gateway, plan, flusher, settings).whenReady() }
            let reloader = Reloader(
                settings,
                watch: watch,
                source: { [source] () throws(SettingsErrors) in try Configuration.read(source) },
                target: gateway,
                flusher: flusher,
                record: record,
                logger: logger
            )
            let reloading = Task { await reloader.run() }
            let answering = Task { await answer(questions, by: reloader) }
            let status = await serve(gateway, signals, reloader, logger)
            answering.cancel()
            greeting.cancel()
            reloading.cancel()
            watching.cancel()
            return status
        } catch let error as ConfigurationFaults {
            for fault in error.faults { StandardError.write(configuration.describe(fault)) }
            return .usage
        } catch let error as FlusherError {
            StandardError.write("\(configuration.name): \(error)")
            return .usage
        } catch {
            StandardError.write("sluice: \(error)")
            return .failure
        }
    }

    private func plan(
        _ settings: Settings,
        _ entrance: Entrance,
        _ flusher: any Flusher,
        _ logger: Logger
    ) throws -> Gateway.Plan {
        var plan = try Gateway.Plan(settings, entrance: entrance, flusher: flusher, logger: logger)
        plan.buildInfo = BuildInfo.labels
        guard let kafka = flusher as? KafkaFlusher else { return plan }
        plan.flusherCounters = {
            let counters = kafka.counters
            var told = FlusherCounters(reordered: UInt64(counters.reordered), uncertain: UInt64(counters.uncertain))
            (told.inFlightBytes, told.maxInFlightBytes) = kafka.budgetBytes
            return told
        }
        plan.moreMetrics = { kafka.producerFamilies }
        plan.writtenMetrics = { kafka.clusterText($0) }
        return plan
    }

    private func announce(_ gateway: Gateway, _ plan: Gateway.Plan, descriptors: Int, _ logger: Logger) {
        for address in gateway.addresses { logger.info("listening", ["address": address.description]) }
        if let admin = gateway.adminAddress { logger.info("admin.listening", ["address": admin.description]) }
        logger.info(
            "started",
            [
                "version": Version.number, "loops": String(plan.loops), "descriptors": String(descriptors),
                "routes": plan.configuration.routes.map(\.path).joined(separator: ","),
            ]
        )
    }

    /// Until a signal ends it; a second one ends it at once.
    private func serve(
        _ gateway: Gateway,
        _ signals: AsyncStream<Signals.Wish>,
        _ reloader: Reloader,
        _ logger: Logger
    ) async -> ExitStatus {
        await withTaskGroup(of: ExitStatus?.self) { group in
            var isEnding = false
            for await wish in signals {
                switch wish {
                case .reload:
                    // A file that cannot be read to its end must not keep the next signal waiting.
                    Task { await reload(reloader) }
                case .end(let name) where !isEnding:
                    isEnding = true
                    let drain = reloader.drain
                    logger.info("draining", ["signal": name, "within": "\(drain)"])
                    manager.say(.stopping(within: drain))
                    group.addTask {
                        let ending = await gateway.drain(within: drain.nanoseconds)
                        // Both ways of ending meet here, so the process leaves as soon as one is done.
                        exit(Self.report(ending, logger).rawValue)
                    }
                case .end(let name):
                    logger.warning("ending_at_once", ["signal": name])
                    // A loop that does not turn any more gives no counters.
                    Task {
                        try? await Task.sleep(for: .seconds(1))
                        exit(ExitStatus.failure.rawValue)
                    }
                    // Stopped and not asked: what came in after the answer would have no place in the last line.
                    exit(Self.report(await gateway.stopAtOnce(), logger).rawValue)
                }
            }
            return .failure
        }
    }

    /// What was asked by the admin pages.
    private func answer(_ questions: AsyncStream<ReloadQuestion>, by reloader: Reloader) async {
        for await question in questions {
            Task {
                let verdict = question.isTrial ? await reloader.trial() : await reload(reloader)
                question.reply.resume(returning: verdict)
            }
        }
    }

    @discardableResult
    private func reload(_ reloader: Reloader) async -> ReloadVerdict {
        manager.say(.reloading)
        defer { manager.say(.ready) }
        return await reloader.reload()
    }

    private static func report(_ ending: Gateway.Ending, _ logger: Logger) -> ExitStatus {
        let ledger = ending.counters?.ledger
        let fields: KeyValuePairs<String, String> = [
            "received": String(ledger?.received.reduce(0, +) ?? 0),
            "delivered": String(ledger?.delivered.reduce(0, +) ?? 0),
            "dropped": String(ledger?.dropped.reduce(0, +) ?? 0),
            "unsettled": String(ending.unsettled),
        ]
        if ending.unsettled == 0 {
            logger.info("stopped", fields)
            return .success
        }
        logger.error("stopped", fields)
        return .failure
    }
}

extension Logger.Level {
    init(_ level: Settings.Logging.Level) {
        switch level {
        case .debug: self = .debug
        case .info: self = .info
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}
