extension Settings {
    /// `compression` and what begins with it: permessage-deflate (RFC 7692).
    package struct Compression: Equatable, Sendable {
        /// `compression`. Default: on, for clients that offer it.
        package var isOn = true
        /// `compression_level`: zlib's, of replies. Default: 1.
        package var level = 1
        /// `compression_window_bits`: what a client that lets us is asked to keep to. Default: 12.
        package var windowBits = 12
        /// `compression_memory_level`: zlib's, of replies. Default: 8.
        package var memoryLevel = 8
        /// `compression_context_takeover`: clients may refer to their earlier messages. Default: on.
        package var contextTakeover = true
        /// `compression_idle`: after so long without a message a connection's inflater gives its memory back; zero keeps
        /// it. Default: 10 s.
        package var idle = Duration.seconds(10)

        package init() {}

        init(_ root: inout TableReader) {
            isOn = root.bool("compression") ?? isOn
            level = root.integer("compression_level", in: 1...9) ?? level
            // zlib cannot do a window of 8 bits.
            windowBits = root.integer("compression_window_bits", in: 9...15) ?? windowBits
            memoryLevel = root.integer("compression_memory_level", in: 1...9) ?? memoryLevel
            contextTakeover = root.bool("compression_context_takeover") ?? contextTakeover
            idle = root.duration("compression_idle", orOff: true) ?? idle
        }
    }
}
