/// Which states a service manager is told, so that they make sense to it one after the other.
struct ServiceWords {
    /// Reloads that have begun and not ended.
    private var reloads = 0
    private var isStopping = false

    /// Whether it is to be said. Who is stopping is neither reloading nor ready any more, and who reads the settings twice
    /// at once is ready when both have been read.
    mutating func takes(_ state: ServiceManager.State) -> Bool {
        switch state {
        case .reloading:
            reloads += 1
            return !isStopping
        case .ready:
            reloads = max(0, reloads - 1)
            return !isStopping && reloads == 0
        case .stopping:
            isStopping = true
            return true
        case .alive:
            return true
        }
    }
}
