/// How the process ends (design: 0, 1 and 2 and no other).
enum ExitStatus: Int32 {
    /// Everything received was settled.
    case success = 0
    /// It failed, or logs were left unsettled.
    case failure = 1
    /// The command line or the configuration is wrong.
    case usage = 2
}
