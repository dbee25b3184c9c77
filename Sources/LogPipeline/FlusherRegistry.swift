/// The flushers that a configuration may name: `kafka`, `console`, later others.
///
/// - Parameter Context: what all of them are made from; the command's settings.
package struct FlusherRegistry<Context> {
    package typealias Make = (Context) throws(FlusherError) -> any Flusher

    private var makers: [String: Make] = [:]

    package init() {}

    package var names: [String] { makers.keys.sorted() }

    /// - Precondition: the name is new.
    package mutating func register(_ name: String, make: @escaping Make) {
        precondition(makers[name] == nil, "the flusher \(name) is registered twice")
        makers[name] = make
    }

    /// - Throws: what the flusher throws, or an error that lists the names that are known.
    package func make(_ name: String, _ context: Context) throws(FlusherError) -> any Flusher {
        guard let make = makers[name] else {
            throw FlusherError(
                setting: "output.\(name)",
                message: "there is no output of this name; known are \(names.joined(separator: ", "))"
            )
        }
        return try make(context)
    }
}
