/// What `JSONScanner` found.
package enum JSONScan: Equatable, Sendable {
    case object(JSONObjectShape)
    /// Not one RFC 8259 object; the bytes up to `at` are UTF-8 and `at` is where a character begins.
    case invalidJSON(at: Int)
    case invalidUTF8
}
