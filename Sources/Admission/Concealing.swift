/// A type with secrets in it: whoever prints or dumps a value of it sees its name and no more.
package protocol Concealing: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Concealing {
    package var description: String { "\(Self.self)(***)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
