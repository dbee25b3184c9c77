/// Timestamps as in RFC 3339 section 5.6, without Foundation.
package enum RFC3339 {
    /// Bytes of `2026-11-21T07:49:20.123Z`.
    package static let length = 24
    /// 9999-12-31T23:59:59.999Z, the last moment that four digits of a year can say.
    private static let last: Int64 = 253_402_300_799_999
    private static let first: Int64 = -62_167_219_200_000

    /// Renders UTC with milliseconds.
    /// - Parameter unixMilliseconds: clamped to the years 0000 to 9999.
    package static func text(unixMilliseconds: Int64) -> InlineArray<24, UInt8> {
        let moment = min(max(unixMilliseconds, first), last)
        let day = floorDivide(moment, 86_400_000)
        let inDay = Int(moment - day * 86_400_000)
        let date = civil(day: Int(day))
        var text = InlineArray<24, UInt8>(repeating: UInt8(ascii: "-"))
        put(date.year, digits: 4, at: 0, in: &text)
        put(date.month, digits: 2, at: 5, in: &text)
        put(date.day, digits: 2, at: 8, in: &text)
        text[10] = UInt8(ascii: "T")
        put(inDay / 3_600_000, digits: 2, at: 11, in: &text)
        text[13] = UInt8(ascii: ":")
        put(inDay / 60_000 % 60, digits: 2, at: 14, in: &text)
        text[16] = UInt8(ascii: ":")
        put(inDay / 1000 % 60, digits: 2, at: 17, in: &text)
        text[19] = UInt8(ascii: ".")
        put(inDay % 1000, digits: 3, at: 20, in: &text)
        text[23] = UInt8(ascii: "Z")
        return text
    }

    /// Milliseconds since 1970, or nil for anything that is not a `date-time` of the RFC.
    ///
    /// Digits of the fraction beyond the third are cut off; a leap second is the first moment of the next minute.
    /// A space for the `T`, which section 5.6 leaves to applications, is taken.
    package static func unixMilliseconds(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= 20,
            let year = number(text, 0, 4), text[4] == UInt8(ascii: "-"),
            let month = number(text, 5, 2), text[7] == UInt8(ascii: "-"),
            let day = number(text, 8, 2), isDateTimeSeparator(text[10]),
            let hour = number(text, 11, 2), text[13] == UInt8(ascii: ":"),
            let minute = number(text, 14, 2), text[16] == UInt8(ascii: ":"),
            let second = number(text, 17, 2),
            (1...12).contains(month), (1...length(of: month, in: year)).contains(day),
            hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var at = 19
        var milliseconds = 0
        if text[at] == UInt8(ascii: ".") {
            guard let fraction = fraction(text, at: &at) else { return nil }
            milliseconds = fraction
        }
        guard let offset = offsetMinutes(text, at: at) else { return nil }
        let seconds = ((dayNumber(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second
        return Int64(seconds * 1000 + milliseconds)
    }

    private static func isDateTimeSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "T") || byte == UInt8(ascii: "t") || byte == UInt8(ascii: " ")
    }

    private static func fraction(_ text: Span<UInt8>, at: inout Int) -> Int? {
        var value = 0
        var digits = 0
        at += 1
        while at < text.count, let digit = digit(text[at]) {
            if digits < 3 { value = value * 10 + digit }
            digits += 1
            at += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(3, digits) { value *= 10 }
        return value
    }

    /// `Z` or `+hh:mm` as the end of the text.
    private static func offsetMinutes(_ text: Span<UInt8>, at: Int) -> Int? {
        guard at < text.count else { return nil }
        if text[at] == UInt8(ascii: "Z") || text[at] == UInt8(ascii: "z") { return at + 1 == text.count ? 0 : nil }
        guard text.count == at + 6, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-"),
            let hours = number(text, at + 1, 2), text[at + 3] == UInt8(ascii: ":"),
            let minutes = number(text, at + 4, 2), hours <= 23, minutes <= 59
        else { return nil }
        return (text[at] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for index in start..<start + count {
            guard let digit = digit(text[index]) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> Int? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int(value) : nil
    }

    private static func put(_ value: Int, digits: Int, at: Int, in text: inout InlineArray<24, UInt8>) {
        var rest = value
        for index in stride(from: at + digits - 1, through: at, by: -1) {
            text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Both directions count days in years that begin on the 1st of March, so that the leap day comes last.

    /// Days from 1970-01-01 in the proleptic Gregorian calendar.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let fromMarch = (month + 9) % 12
        let shifted = year - (month <= 2 ? 1 : 0)
        let leapDays = floorDivide(shifted, 4) - floorDivide(shifted, 100) + floorDivide(shifted, 400)
        return shifted * 365 + leapDays + (fromMarch * 306 + 5) / 10 + day - 1 - 719_468
    }

    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let inEra = shifted - era * 146_097
        let yearOfEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
        let inYear = inEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (inYear * 5 + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, inYear - (fromMarch * 153 + 2) / 5 + 1)
    }

    private static func floorDivide<Number: SignedInteger>(_ value: Number, _ by: Number) -> Number {
        let quotient = value / by
        return value % by < 0 ? quotient - 1 : quotient
    }
}
