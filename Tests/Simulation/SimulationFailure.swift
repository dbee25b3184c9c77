/// What a simulated run found wrong.
package struct SimulationFailure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
