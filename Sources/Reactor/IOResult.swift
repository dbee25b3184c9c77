/// What became of one attempt to move bytes.
package enum IOResult: BitwiseCopyable, Equatable, Sendable {
    /// So many bytes moved, at least one; fewer than asked for is no sign of anything.
    case bytes(Int)
    /// Nothing now; the poller will say when.
    case wouldBlock
    /// The peer has finished sending (FIN). Only `receive` and `discard` give it.
    case end
    /// The connection is broken.
    case failed(Errno)
}
