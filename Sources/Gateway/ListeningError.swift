/// A listener could not be opened.
package struct ListeningError: Error, CustomStringConvertible {
    /// As a user writes it: `listeners` or `admin`.
    package let setting: String
    /// A `ListenerError`, an `Errno`, or that systemd has handed over nothing.
    package let reason: any Error

    package var description: String { "\(setting): \(reason)" }
}
