internal import Glibc
internal import Reactor

extension Generator {
    /// What the run came to.
    func report() -> Report {
        var report = Report(run: progress.run)
        report.asked = connections.count
        report.sent = sent
        report.planned = plan.messages == .max ? nil : plan.messages
        report.bytes = sent * arguments.size
        report.heard = connections.reduce(0) { $0 + $1.heard }
        report.seconds = finished > started && started > 0 ? Double(finished - started) / 1e9 : 0
        report.processorSeconds = Self.processorSeconds()
        report.worstLag = plan.rate > 0 ? Double(worstLag) / 1e6 : nil
        for (index, connection) in connections.enumerated() {
            guard let failure = connection.failure else { continue }
            report.addFailure(index, "\(failure)")
        }
        report.findings = findings
        report.verifierFault = verifierFault.map { "\($0)" }
        return report
    }

    private static func processorSeconds() -> Double {
        var usage = rusage()
        unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
