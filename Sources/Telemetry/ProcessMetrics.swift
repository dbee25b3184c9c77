import Glibc

/// What Linux says of this process, under the names that Prometheus' own libraries use.
package struct ProcessMetrics: Sendable {
    private let ticksPerSecond: Double
    private let pageBytes: UInt64
    /// Seconds since 1970 at which the machine was started.
    private let bootTime: Double
    private let descriptors = DescriptorCount()

    package init() {
        ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        pageBytes = UInt64(sysconf(Int32(_SC_PAGESIZE)))
        // A service manager may hide everything in /proc but processes.
        bootTime = ProcFile.text("/proc/stat").flatMap(Self.bootTime) ?? SystemClock.bootTime
    }

    /// As they are now; a family has no sample where the kernel does not tell.
    package func families() -> [MetricFamily] {
        let stat = ProcFile.text("/proc/self/stat").flatMap(ProcessStat.init)
        var page = MetricFamilies()
        page.begin("process_cpu_seconds_total", .counter, help: "Processor time used, in user and system mode.")
        if let stat { page.sample(Double(stat.processorTicks) / ticksPerSecond) }
        page.begin("process_resident_memory_bytes", .gauge, help: "Memory that is resident.")
        if let stat { page.sample(stat.residentPages * pageBytes) }
        page.begin("process_virtual_memory_bytes", .gauge, help: "Address space in use.")
        if let stat { page.sample(stat.virtualBytes) }
        page.begin("process_threads", .gauge, help: "Threads.")
        if let stat { page.sample(stat.threads) }
        page.begin("process_start_time_seconds", .gauge, help: "When the process began, since 1970.")
        if let stat { page.sample(bootTime + Double(stat.startTicks) / ticksPerSecond) }
        page.begin("process_open_fds", .gauge, help: "Descriptors that are open.")
        if let count = descriptors.value() { page.sample(count) }
        page.begin("process_max_fds", .gauge, help: "Descriptors that may be open.")
        if let most = ProcFile.text("/proc/self/limits").flatMap(Self.descriptorLimit) { page.sample(most) }
        return page.all
    }

    /// Of /proc/stat.
    static func bootTime(_ text: String) -> Double? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst("btime ".count)) }
    }

    /// The soft limit of /proc/self/limits; nil where there is none.
    static func descriptorLimit(_ text: String) -> UInt64? {
        let title = "Max open files"
        let line = text.split(separator: "\n").first { $0.hasPrefix(title) }
        return line?.dropFirst(title.count).split(separator: " ").first.flatMap { UInt64($0) }
    }
}

/// What is wanted of /proc/self/stat (proc_pid_stat(5)).
struct ProcessStat: Equatable {
    /// User and system.
    let processorTicks: UInt64
    let threads: UInt64
    /// Since the machine was started.
    let startTicks: UInt64
    let virtualBytes: UInt64
    let residentPages: UInt64

    /// The name of the program may hold blanks and parentheses; the last one closes it.
    init?(_ text: String) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // Numbered from 1 there, and the third is the first here.
        func field(_ number: Int) -> UInt64? { number - 3 < fields.count ? UInt64(fields[number - 3]) : nil }
        guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
            let bytes = field(23), let pages = field(24)
        else { return nil }
        processorTicks = user + system
        self.threads = threads
        startTicks = start
        virtualBytes = bytes
        residentPages = pages
    }
}

/// Files of /proc.
enum ProcFile {
    /// Up to a megabyte of it.
    static func text(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while all.count < 1 << 20 {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            all += buffer[..<count]
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// How many a folder has. Since Linux 6.2 its size is that number; before, they have to be gone through.
    static func entries(_ path: String) -> Int? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        if status.st_size > 0 { return Int(status.st_size) }
        guard let folder = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(folder) }
        var count = 0
        while let entry = unsafe readdir(folder) {
            // Neither . nor .., and not the descriptor that is open for this.
            if unsafe entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
        }
        return max(0, count - 1)
    }
}
