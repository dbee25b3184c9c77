import Foundation

/// What a gateway holds of the system's.
struct Resources {
    let descriptors: Int
    let threads: Int
    let residentBytes: Int

    init(of gateway: Gateway) throws {
        descriptors = try gateway.descriptors()
        residentBytes = try gateway.residentBytes()
        threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(gateway.child.pid)/task").count
    }
}

extension Resources: CustomStringConvertible {
    var description: String { "\(descriptors) descriptors, \(threads) threads, \(residentBytes) bytes" }
}
