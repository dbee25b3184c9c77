/// Somebody asks by the admin pages for a reload, or what one would change.
struct ReloadQuestion: Sendable {
    let isTrial: Bool
    let reply: CheckedContinuation<ReloadVerdict, Never>
}
