/// How often a loop has asked its kernel for something: the same on every run of the same seed.
package struct KernelCalls: Equatable, Sendable {
    /// Descriptors that a poller was given.
    package var registrations = 0
    /// Interests that were changed.
    package var modifications = 0
    package var waits = 0
    /// What waits have reported.
    package var events = 0
    /// Those that found nobody included.
    package var accepts = 0
    /// Those that found nothing, and those of which nothing was kept, included.
    package var reads = 0
    package var writes = 0
    package var closes = 0

    package init() {}

    package static func - (after: KernelCalls, before: KernelCalls) -> KernelCalls {
        var calls = after
        calls.registrations -= before.registrations
        calls.modifications -= before.modifications
        calls.waits -= before.waits
        calls.events -= before.events
        calls.accepts -= before.accepts
        calls.reads -= before.reads
        calls.writes -= before.writes
        calls.closes -= before.closes
        return calls
    }
}
