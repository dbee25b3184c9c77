import HTTPWire
import Reactor

/// Who may have the settings read again by `POST /reload`.
///
/// It reads a file that is there already, so it gives nobody anything; but what is half written is no stranger's to
/// put in use.
enum ReloadPage {
    /// How long a client waits, nanoseconds.
    static let patience = 60 * second

    /// Nothing has come of it in time.
    static func late(_ time: UInt64, isTrial: Bool) -> Response {
        let rest = isTrial ? "." : " and goes on. What comes of it is in Sluice's log."
        return .text(504, "It takes longer than \(time / second) s\(rest)")
    }

    private static let proxyHeaders = [
        "forwarded", "via", "x-envoy-external-address", "x-forwarded-for", "x-forwarded-proto", "x-real-ip",
    ]
    private static let loopbacks = [IPRange("127.0.0.0/8"), IPRange("::1")].compactMap(\.self)

    /// Whether it is only to be said what a reload would change; nil for a query that says something else.
    static func isTrial(_ query: String?) -> Bool? {
        switch query {
        case nil, "": false
        case "dry_run", "dry_run=1", "dry_run=true": true
        default: nil
        }
    }

    /// Why not; nil for whoever is on this machine.
    static func refusal(_ head: RequestHead, peer: PeerAddress?, listening: ListenAddress?) -> Response? {
        guard head.method == "POST" else {
            var response = Response.text(405, "POST only.")
            response.headers.append(("Allow", "POST"))
            return response
        }
        // A page that its user looks at on this machine must not reach it through their browser.
        guard head.headers["origin"] == nil else { return .text(403, "Web pages may not ask for a reload.") }
        // A proxy on this machine is none of those that may ask, whoever stands behind it.
        guard !proxyHeaders.contains(where: { head.headers[$0] != nil }) else {
            return .text(403, "A reload cannot be asked for through a proxy.")
        }
        guard let peer, isHere(peer, listening) else {
            return .text(403, "A reload can be asked for on Sluice's own machine only: sluice reload.")
        }
        return nil
    }

    /// Who connects to an address of this machine from this machine has that address too.
    private static func isHere(_ peer: PeerAddress, _ listening: ListenAddress?) -> Bool {
        guard let ip = peer.ip else { return true }
        if loopbacks.contains(where: { $0.contains(ip) }) { return true }
        guard case .host(let host, _)? = listening else { return false }
        return IPAddress(host) == ip
    }
}
