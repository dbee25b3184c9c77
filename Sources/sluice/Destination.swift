import KafkaFlusher
import LogPipeline
import Settings
import Telemetry

/// Where the logs go: which flusher, by its registered name.
struct Destination {
    /// What flushers are made from.
    struct Context {
        let settings: Settings
        let logger: Logger
    }

    let name: String

    init(_ output: Settings.Output) {
        switch output {
        case .kafka: name = "kafka"
        case .console: name = "console"
        }
    }

    static var registry: FlusherRegistry<Context> {
        var registry = FlusherRegistry<Context>()
        registry.register("kafka") { (context) throws(FlusherError) in
            guard case .kafka(let output) = context.settings.output else {
                throw FlusherError(setting: "output", message: "there is no output.kafka")
            }
            return KafkaFlusher(
                configuration: KafkaConfiguration(output, context.settings),
                logger: context.logger
            )
        }
        registry.register("console") { (context) throws(FlusherError) in
            ConsoleFlusher(maxInFlight: context.settings.maxInFlight)
        }
        return registry
    }

    func make(_ context: Context) throws(FlusherError) -> any Flusher {
        try Self.registry.make(name, context)
    }

    /// What is wrong with the output's settings, without connecting.
    func check(_ settings: Settings) -> (errors: [String], warnings: [String]) {
        guard case .kafka(let output) = settings.output else { return ([], []) }
        let check = KafkaFlusher.check(KafkaConfiguration(output, settings))
        return (check.errors.map(\.description), check.warnings)
    }
}
