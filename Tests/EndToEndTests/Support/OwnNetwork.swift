import Foundation

/// A part of 127/8 that is this process's own: a program that comes back to its port there finds it free, since no other
/// one's connections come from there.
enum OwnNetwork {
    private static let prefix: String = {
        let process = ProcessInfo.processInfo.processIdentifier
        return "127.\(100 + process >> 8 & 63).\(process & 255)"
    }()

    static func host(_ number: Int) -> String { "\(prefix).\(number)" }
}
