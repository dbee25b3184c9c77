import LogPipeline
import Testing

struct FlusherRegistryTests {
    @Test func aFlusherIsMadeByItsName() throws {
        var registry = FlusherRegistry<Int>()
        registry.register("console") { maxInFlight in ConsoleFlusher(maxInFlight: maxInFlight) }
        let flusher = try registry.make("console", 1_000)
        #expect(flusher is ConsoleFlusher)
        #expect(registry.names == ["console"])
    }

    @Test func anUnknownNameListsTheKnownOnes() {
        var registry = FlusherRegistry<Void>()
        registry.register("kafka") { _ in ConsoleFlusher() }
        registry.register("console") { _ in ConsoleFlusher() }
        let error = #expect(throws: FlusherError.self) { try registry.make("kafak", ()) }
        #expect(error?.setting == "output.kafak")
        #expect(error?.message.contains("console, kafka") == true)
    }

    @Test func whatTheFlusherThrowsComesThrough() {
        var registry = FlusherRegistry<Void>()
        let fault = FlusherError(setting: "output.kafka.hosts", message: "none given")
        registry.register("kafka") { _ throws(FlusherError) in throw fault }
        #expect(throws: fault) { try registry.make("kafka", ()) }
    }
}
