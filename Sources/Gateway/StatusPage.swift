import Crypto
import HTTPWire

/// The status page at `/` of the admin listener: one page with nothing to fetch beside it but `/status`, every second.
///
/// Its parts are text in this program, so that there is one file to deploy. The browser is told to run this script and
/// this style and no other: whatever a topic or a route is called, it stays text.
enum StatusPage {
    static let response = Response(
        status: 200,
        headers: [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
        ],
        body: Array(html.utf8)
    )

    static let html =
        markup
        .replacing("<style></style>", with: "<style>\(style)</style>")
        .replacing("<script></script>", with: "<script>\(script)</script>")

    private static let policy = [
        "default-src 'none'",
        "style-src '\(digest(style))'",
        "script-src '\(digest(script))'",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// What lets an element of just this text in (CSP level 3, section 2.3.1).
    private static func digest(_ text: String) -> String {
        "sha256-\(Base64.encode(Digest.sha256.hash(Array(text.utf8))))"
    }
}
