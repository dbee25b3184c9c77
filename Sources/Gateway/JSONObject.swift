import Telemetry

/// Writes a JSON object (RFC 8259), member by member.
struct JSONObject: Equatable {
    private var members = ""

    var text: String { "{\(members)}" }

    mutating func add(_ name: String, _ value: String) { write(name, JSONText.quoted(value)) }
    mutating func add(_ name: String, _ value: Bool) { write(name, value ? "true" : "false") }
    mutating func add(_ name: String, _ value: some BinaryInteger) { write(name, String(value)) }
    mutating func add(_ name: String, _ value: JSONObject) { write(name, value.text) }
    mutating func add(_ name: String, _ values: [JSONObject]) {
        write(name, "[\(values.map(\.text).joined(separator: ","))]")
    }
    mutating func add(_ name: String, _ values: [String]) {
        write(name, "[\(values.map(JSONText.quoted).joined(separator: ","))]")
    }

    /// To three digits behind the point.
    mutating func add(_ name: String, _ value: Double) {
        write(name, value.isFinite ? String((value * 1_000).rounded() / 1_000) : "null")
    }

    private mutating func write(_ name: String, _ value: String) {
        if !members.isEmpty { members += "," }
        members += "\(JSONText.quoted(name)):\(value)"
    }
}
