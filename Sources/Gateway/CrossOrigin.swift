import Admission
import HTTPWire

/// What tells a browser that pages of another origin may post here and read the answer (the Fetch standard, CORS).
enum CrossOrigin {
    /// For the answer to a request; none where its page may not come in, or where no page asks.
    static func headers(_ request: RequestHead, _ policy: AdmissionPolicy) -> [(name: String, value: String)] {
        guard let origin = request.headers["origin"] else { return [] }
        let exposed = ("Access-Control-Expose-Headers", "Retry-After, Sluice-Dropped")
        guard policy.restrictsOrigins else { return [("Access-Control-Allow-Origin", "*"), exposed] }
        guard policy.allowsOrigin(origin) else { return [] }
        guard policy.namesOrigin(origin) else {
            return [("Access-Control-Allow-Origin", "*"), exposed, ("Vary", "Origin")]
        }
        return [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"), exposed,
            ("Vary", "Origin"),
        ]
    }

    /// The answer to OPTIONS, with which a browser asks before it posts.
    static func preflight(_ request: RequestHead, _ policy: AdmissionPolicy) -> Response {
        let allowed = headers(request, policy)
        if request.headers["origin"] != nil, allowed.isEmpty { return Refusal(AdmissionRefusal.origin).response }
        var response = Response.options(RouteMethods.all, keepAlive: false)
        response.headers += allowed.filter { $0.name != "Access-Control-Expose-Headers" }
        if !allowed.isEmpty {
            response.headers += [
                ("Access-Control-Allow-Methods", "POST"),
                ("Access-Control-Allow-Headers", "authorization, content-type, content-encoding"),
                ("Access-Control-Max-Age", "600"),
            ]
        }
        return response
    }
}

/// What can be asked of a route.
enum RouteMethods {
    static let all = ["GET", "POST", "OPTIONS"]
}
