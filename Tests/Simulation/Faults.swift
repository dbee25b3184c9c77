/// What goes wrong in a simulated network, each in so many of a hundred cases.
package struct Faults: Sendable {
    /// A read brings fewer bytes than are there.
    package var shortReads = 0
    /// A write takes fewer bytes than there is room for.
    package var shortWrites = 0
    /// A read, write or accept says EAGAIN without a reason.
    package var spuriousWouldBlock = 0
    /// A wait ends early with nothing (EINTR).
    package var interruptedWaits = 0
    /// A wait that brings events brings one of an ended connection, too.
    package var staleEvents = 0
    /// What is accepted is gone already (ECONNABORTED).
    package var abortedAccepts = 0
    /// The poller refuses to watch another descriptor (ENOSPC).
    package var refusedRegistrations = 0
    /// Bytes on their way stay there for another round, or arrive in part.
    package var slowDelivery = 0
    /// How many events a wait brings at most.
    package var eventLimit = 256
    /// Bytes that the kernel takes before the peer has read any.
    package var sendBuffer = 64 * 1024
    /// Bytes that arrive before the loop has read any.
    package var receiveWindow = 128 * 1024

    /// A network in which nothing goes wrong.
    package static let none = Faults()

    /// Some of everything, drawn anew for each seed: a run in which only one thing goes wrong finds other mistakes
    /// than one in which everything does.
    package static func drawn(from random: inout SeededRandom) -> Faults {
        func draw(_ most: Int) -> Int { random.chance(50) ? random.below(most + 1) : 0 }
        var faults = Faults()
        faults.shortReads = draw(90)
        faults.shortWrites = draw(90)
        faults.spuriousWouldBlock = draw(40)
        faults.interruptedWaits = draw(20)
        faults.staleEvents = draw(30)
        faults.abortedAccepts = draw(20)
        faults.refusedRegistrations = draw(10)
        faults.slowDelivery = draw(80)
        if random.chance(50) { faults.eventLimit = 1 + random.below(8) }
        if random.chance(50) { faults.sendBuffer = 1 + random.below(4096) }
        if random.chance(50) { faults.receiveWindow = 1 + random.below(4096) }
        return faults
    }
}
