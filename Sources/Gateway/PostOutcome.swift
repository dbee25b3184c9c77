import HTTPWire
import LogPipeline

/// What became of the logs of a POST.
struct PostOutcome: Equatable {
    let stored: Int
    let dropped: Int
    /// Why the first of those was dropped.
    let reason: DropReason?

    /// 204 when something was stored, or nothing was there to be; else the first log's fault.
    var status: PostStatus {
        guard stored == 0, let reason else { return .stored }
        switch reason {
        case .maxLen, .recordTooLarge: return .tooLarge
        default: return .badRequest
        }
    }

    var response: Response {
        guard status == .stored else {
            let label = reason?.label ?? "-"
            return .text(status.code, "Nothing was stored: \(label) (the first of \(dropped) dropped).")
        }
        return .done(keepAlive: false, headers: dropped == 0 ? [] : [("Sluice-Dropped", String(dropped))])
    }
}
