@testable import sluice_load

/// A run's digits.
let sluiceRun: [UInt8] = Array("0badcafe".utf8)

/// A log as it is sent.
func log(connection: Int = 3, number: Int = 17, size: Int = 200) -> [UInt8] {
    var template = LogTemplate(run: sluiceRun, sizes: SizeTable(fixed: size))
    template.setTimestamp(Array("2025-11-21T08:25:48.123Z".utf8))
    template.setConnection(connection)
    template.setNumber(number)
    return template.bytes
}

/// What a record says.
func read(_ record: [UInt8], size: Int = 200) -> LogForm.Reading {
    LogForm.read(record.span.bytes, run: sluiceRun, sizes: SizeTable(fixed: size))
}
