/// How a process ended.
enum ExitStatus: Equatable, Sendable {
    case code(Int32)
    case signal(Int32)

    /// - Parameter wait: what `waitpid` gave.
    init(wait: Int32) {
        self = wait & 0x7f == 0 ? .code((wait >> 8) & 0xff) : .signal(wait & 0x7f)
    }
}
