/// Why a connection is closed (RFC 6455 section 7.4; the later ones are from IANA's registry).
package struct CloseCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let normal = CloseCode(rawValue: 1000)
    package static let goingAway = CloseCode(rawValue: 1001)
    package static let protocolError = CloseCode(rawValue: 1002)
    package static let unsupported = CloseCode(rawValue: 1003)
    /// A payload that is not what its message's kind promises, such as text that is no UTF-8.
    package static let invalidPayload = CloseCode(rawValue: 1007)
    package static let policyViolation = CloseCode(rawValue: 1008)
    package static let messageTooBig = CloseCode(rawValue: 1009)
    package static let internalError = CloseCode(rawValue: 1011)
    package static let serviceRestart = CloseCode(rawValue: 1012)
    package static let tryAgainLater = CloseCode(rawValue: 1013)

    /// Whether an endpoint may send it. 1004, 1005, 1006 and 1015 never travel, 1016 to 2999 are unassigned, and
    /// nobody may use what is below 1000 or from 5000 on (RFC 6455 section 7.4.2).
    package var isValidOnTheWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
