internal import CLinux

/// How many processors the process may use.
package enum Processors {
    /// What affinity allows and the control group's quota pays for, at least 1: the default number of loops.
    package static var usable: Int {
        let affinity = max(1, Int(cl_affinity_count()))
        let groups = SystemFile.read("/proc/self/cgroup") ?? ""
        let quota = quotaFiles(groups: groups).compactMap { SystemFile.read($0).flatMap(processors(cpuMax:)) }.min()
        return min(affinity, quota ?? affinity)
    }

    /// The quota files of the group and of all groups above it (cgroup v2). In a container its own group is the root.
    static func quotaFiles(groups: String) -> [String] {
        let own = groups.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3) ?? "/"
        var path = ""
        var files = ["/sys/fs/cgroup/cpu.max"]
        for part in own.split(separator: "/") where part != ".." {
            path += "/\(part)"
            files.append("/sys/fs/cgroup\(path)/cpu.max")
        }
        return files
    }

    /// What `cpu.max` (quota and period in microseconds, or `max`) pays for, rounded up.
    static func processors(cpuMax: String) -> Int? {
        let parts = cpuMax.split { $0 == " " || $0 == "\n" }
        guard parts.count == 2, let quota = Int(parts[0]), let period = Int(parts[1]), quota > 0, period > 0 else {
            return nil
        }
        return max(1, (quota + period - 1) / period)
    }
}
