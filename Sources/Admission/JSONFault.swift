/// Where a text stops being the JSON that is taken here.
enum JSONFault: Error, Equatable, CustomStringConvertible {
    case malformed(at: Int)
    case invalidUTF8
    case repeatedMember(at: Int)
    case tooDeep(at: Int)

    var description: String {
        switch self {
        case .malformed(let offset): "is no JSON from byte \(offset) on"
        case .invalidUTF8: "is not UTF-8"
        case .repeatedMember(let offset): "has a member twice, at byte \(offset)"
        case .tooDeep(let offset): "is nested too deeply at byte \(offset)"
        }
    }
}
