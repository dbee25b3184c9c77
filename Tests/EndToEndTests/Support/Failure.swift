/// Why a test cannot go on, in words.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Waits until `condition` holds, asking again and again, and gives what it found.
///
/// - Parameters:
///   - what: is waited for; made only when it did not come true.
///   - limit: ends a test that would hang. Never the thing tested: it is far above what any machine needs.
/// - Throws: when it did not come true, with what every process of the test has to say.
func eventually<Found>(
    _ what: @autoclosure () -> String,
    within limit: Duration = .seconds(120),
    _ condition: () async throws -> Found?
) async throws -> Found {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
        if let found = try await condition() { return found }
        try await Task.sleep(for: .milliseconds(20))
    }
    if let found = try await condition() { return found }
    throw Failure("in \(limit) this did not come true: \(what())\n\(Evidence.gathered())")
}

/// The same for a condition that is true or false.
func eventually(
    _ what: @autoclosure () -> String,
    within limit: Duration = .seconds(120),
    _ condition: () async throws -> Bool
)
    async throws
{
    let _: Void = try await eventually(what(), within: limit) { try await condition() ? () : nil }
}
