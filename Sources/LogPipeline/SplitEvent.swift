/// What `LogSplitter` says next. Bytes that belong to no log are passed over in silence.
package enum SplitEvent: Sendable, Equatable {
    /// All bytes are taken.
    case needMore
    /// The next bytes of the current log, in this piece of the message; the first part begins a log.
    ///
    /// - Parameter ends: with them the log is whole. They may be none then, when the piece before ended with it.
    case part(Range<Int>, ends: Bool)
    /// One byte of the current log that an earlier piece ended with, before it was clear whose it is: a carriage return
    /// without its line feed, a bracket that begins no array. May be the first of its log.
    case heldBack(UInt8)
    /// What was given of the current log is white space only, so it is none: to be forgotten. Only for lines that
    /// were cut.
    case blank
    /// The array is no JSON array from here on: one drop (`invalid_json`). What was given of an element that is not
    /// whole is to be forgotten; the rest of the message is passed over.
    case malformed
}

/// What the end of a message means for the log that is open.
package enum SplitEnd: Sendable, Equatable {
    /// There is none; what was given and not ended is white space, to be forgotten.
    case nothing
    /// What was given of it is the whole log.
    case log
    /// The array has no end: one drop (`invalid_json`). What was given and not ended is to be forgotten.
    case malformed
}
